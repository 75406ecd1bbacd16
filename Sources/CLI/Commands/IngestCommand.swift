import ArgumentParser
import Curation
import Foundation

/// `fercure ingest`: files and folders become a dataset.
struct IngestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest", abstract: "Reads FER csv files, image folders and FER+ votes into a dataset.",
    discussion: """
      A csv may be compressed (.gz, .xz); - is the standard input. Folders are CLASS/picture.png or \
      train/CLASS/picture.png. Ingesting the same source again changes nothing. Rows are counted from 0, the header \
      not included, as in their keys: row 12 is row-0000012.
      """)

  @Argument(help: ArgumentHelp("Files and folders to read.", valueName: "source"), completion: .file())
  var sources: [String]

  @Option(help: ArgumentHelp("The dataset to write into; made when it does not exist.", valueName: "dataset"))
  var into: String

  @Option(help: "What the sources are, when it cannot be told: \(Ingest.all.map { $0.name }.joined(separator: ", ")).")
  var format: String?

  @Option(help: "The split of samples whose source names none.")
  var split: Split?

  @Option(help: ArgumentHelp("The classes in order: angry,disgust,...", valueName: "a,b,c"))
  var labels: String?

  @Option(help: ArgumentHelp("A file of FER+ votes for the rows of the csv; may be repeated.", valueName: "file"))
  var votes: [String] = []

  @Flag(help: "Store path and fingerprint of picture files in place of their bytes.")
  var link = false

  @Flag(help: "Exit with 2 when something could not be taken.")
  var strict = false

  @OptionGroup var common: CommonOptions

  func run() throws {
    let options = IngestOptions(
      format: format, split: split, labels: labels.map(Self.names(in:)), votes: votes, link: link)
    // A misspelt path is found before a dataset is made for it.
    for path in sources + votes { _ = try IngestSource(path) }
    let report = try withNewDataset(at: into) { store in
      try withProgress("Ingesting", unit: "items", console: common.console) { progress in
        try Ingest.run(sources: sources, into: store, options: options, progress: progress)
      }
    }
    try common.print(report, text: IngestText(report, into: into).text)
    for source in report.sources {
      if !common.json { common.console.list(source.rejected) }
      for note in source.notes { common.console.note("\(source.name): \(note)") }
    }
    if strict && report.rejected > 0 { throw Outcome.rejectedInputs }
  }

  private static func names(in list: String) -> [String] {
    list.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
  }
}

/// Opens or creates a dataset for a step; a dataset that was created and stayed empty goes again when the step throws.
func withNewDataset<Result>(at path: String, _ body: (DatasetStore) throws -> Result) throws -> Result {
  let isNew = !FileManager.default.fileExists(atPath: path)
  let store = try DatasetStore.openOrCreate(at: path)
  do {
    return try body(store)
  } catch {
    if isNew, (try? store.allSamples().isEmpty) == true {
      try? store.close()
      for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }
    throw error
  }
}

/// What `fercure ingest` prints for a person.
struct IngestText {
  /// A table of sources and a sentence.
  let text: String

  init(_ report: IngestReport, into path: String) {
    var table = TextTable(header: ["source", "format", "added", "unchanged", "rejected"])
    table.rows = report.sources.map { source in
      [
        source.name, source.kind, Numbers.count(source.added), Numbers.count(source.unchanged),
        Numbers.count(source.rejected.count),
      ]
    }
    text = "\(path)\n\n\(table.text)"
  }
}
