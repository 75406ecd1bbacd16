import ArgumentParser
import Auditing
import Curation
import Explain
import Foundation
import Imaging
import NeuralNet

/// `fercure list`: what each extension point offers.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Names what there is of a kind, a line each.",
    discussion: "Kinds: \(Catalogue.all.map(\.kind).joined(separator: ", ")).")

  @Argument(help: "The kind; all of them unless given.")
  var kind: String?

  @Option(help: ArgumentHelp("With augmentations: also draw examples of each.", valueName: "folder"))
  var sheets: String?

  @Option(help: ArgumentHelp("With models: rows and columns of the pictures.", valueName: "pixels"))
  var size = 48

  @Flag(help: "With models: also time some steps of each on this machine, some seconds a network.")
  var speed = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if size < 24 { throw ValidationError("--size is at least 24.") }
    if speed && kind != "models" { throw ValidationError("--speed goes with models.") }
  }

  func run() throws {
    if let sheets { try Self.drawAugmentations(into: sheets) }
    if kind == "models" {
      let lines = try ModelListing(size: size).lines(measuring: speed)
      return try common.print(lines, text: ModelListing.text(lines, size: size))
    }
    let wanted = Catalogue.all.filter { kind == nil || $0.kind == kind }
    if let kind, wanted.isEmpty {
      throw CLIError.unknownName(kind, kind: "kind of thing to list", known: Catalogue.all.map(\.kind))
    }
    let text = wanted.map { section in
      let width = section.entries.map(\.name.count).max() ?? 0
      let lines = section.entries.map { entry in
        let blanks = String(repeating: " ", count: width - entry.name.count)
        return (kind == nil ? "  " : "") + "\(entry.name)\(blanks)  \(entry.summary)"
      }
      return ((kind == nil ? [section.kind] : []) + lines).joined(separator: "\n")
    }
    try common.print(wanted, text: text.joined(separator: "\n\n"))
  }
}

extension ListCommand {
  /// Draws a drawn face as it is and as each augmentation changes it, a file each.
  private static func drawAugmentations(into folder: String) throws {
    try ResultFile.makeFolder(folder)
    for type in Augmentations.all {
      let examples = try ContactSheet.examples(of: Compose(parsing: type.name))
      try Data(PNGCodec.encode(examples)).write(
        to: URL(fileURLWithPath: folder).appending(path: "\(type.name).png"))
    }
  }
}

/// Everything that can be chosen by name.
enum Catalogue {
  /// One kind and its members.
  struct Section: Encodable {
    var kind: String
    var entries: [Entry]
  }

  /// One thing with a name.
  struct Entry: Encodable {
    var name: String
    var summary: String
  }

  /// Every kind, in the order in which a dataset meets them.
  static var all: [Section] {
    [
      Section(kind: "formats", entries: Ingest.all.map { Entry(name: $0.name, summary: $0.summary) }),
      Section(kind: "checks", entries: Checks.all.map { Entry(name: $0.name, summary: $0.summary) }),
      Section(kind: "rules", entries: CurationRule.allCases.map { Entry(name: $0.rawValue, summary: $0.summary) }),
      Section(kind: "vote-rules", entries: VoteRule.allCases.map { Entry(name: $0.rawValue, summary: $0.summary) }),
      Section(kind: "augmentations", entries: Augmentations.all.map { Entry(name: $0.name, summary: $0.summary) }),
      Section(kind: "auditors", entries: Auditors.all.map { Entry(name: $0.name, summary: $0.summary) }),
      Section(
        kind: "explainers", entries: Explainers.catalogue.map { Entry(name: $0.name, summary: $0.summary) }),
      Section(kind: "models", entries: Architecture.all.map { Entry(name: $0.name, summary: $0.summary) }),
      Section(kind: "optimizers", entries: OptimizerKind.all.map { Entry(name: $0.name, summary: $0.summary) }),
      Section(kind: "schedules", entries: Schedule.all.map { Entry(name: $0.name, summary: $0.summary) }),
      Section(kind: "losses", entries: Losses.all.map { Entry(name: $0.name, summary: $0.summary) }),
      Section(kind: "exports", entries: Export.all.map { Entry(name: $0.name, summary: $0.summary) }),
    ]
  }
}
