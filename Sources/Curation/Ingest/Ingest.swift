import Foundation

/// Reads one kind of source into a dataset.
///
/// An ingestor takes what it can and lists the rest: a bad item becomes a rejection with its reason, and only a source
/// that is unusable as a whole throws. It writes through `SourceWriter`, in one transaction, so that a stopped ingest
/// leaves no half source, and it is idempotent: the same source again changes nothing.
/// To add one: a file in `Ingest/`, a line in `Ingest.all`, a test.
public protocol Ingestor: Sendable {
  /// The name used by `--format` and stored with the source.
  static var name: String { get }
  /// What it reads, in one line.
  static var summary: String { get }
  /// Whether this source looks like one of its kind; asked in the order of `Ingest.all`.
  static func recognises(_ source: IngestSource) throws -> Bool
  /// Reads the source into the dataset.
  static func ingest(
    _ source: IngestSource, into store: DatasetStore, options: IngestOptions, progress: Progress?
  ) throws -> SourceReport
}

/// What the user says about the sources; everything has a default that reads it from the source itself.
public struct IngestOptions: Sendable, Codable, Hashable {
  /// The name of an ingestor; nil recognises the format.
  public var format: String?
  /// The split of samples whose source names none.
  public var split: Split?
  /// The names of the classes in order; nil takes the dataset's, or the source's when the dataset has none.
  public var labels: [String]?
  /// Files of FER+ votes, joined with the rows of the csv of as many rows, first of all of one of the sources.
  public var votes: [String]
  /// Stores path and fingerprint of picture files in place of their bytes.
  public var link: Bool

  /// Creates the options.
  public init(
    format: String? = nil, split: Split? = nil, labels: [String]? = nil, votes: [String] = [], link: Bool = false
  ) {
    self.format = format
    self.split = split
    self.labels = labels
    self.votes = votes
    self.link = link
  }
}

/// Everything that goes into a dataset.
public enum Ingest {
  /// The ingestors, in the order in which they are asked whether they recognise a source.
  public static let all: [any Ingestor.Type] = [FERPlusVotes.self, FERCSV.self, ImageFolder.self]

  /// Reads sources into a dataset, one after the other, each in one transaction; then the votes.
  ///
  /// At the end, samples with equal pictures that have no group yet are put into one, so that no split and no fold ever
  /// tears them apart.
  /// - Parameters:
  ///   - sources: Paths of files and folders; `-` is the standard input.
  ///   - progress: Told how many items (rows, files) of the present source are done.
  /// - Throws: `CurationError` for the first source that is unusable as a whole; what came before it stays.
  ///   `.nothingTaken` when there is nothing in all sources but what has to be rejected.
  public static func run(
    sources: [String], into store: DatasetStore, options: IngestOptions = IngestOptions(), progress: Progress? = nil
  ) throws -> IngestReport {
    let chosen = try options.format.map(ingestor(named:))
    var plan = try sources.map { path in (source: try IngestSource(path), ingestor: chosen) }
    plan += try options.votes.map { path in (source: try IngestSource(path), ingestor: FERPlusVotes.self) }
    var report = IngestReport(sources: [])
    for (source, chosen) in plan {
      let ingestor = try chosen ?? recognised(source)
      source.companions = report.sources
      report.sources.append(try ingestor.ingest(source, into: store, options: options, progress: progress))
    }
    try store.groupEqualPictures()
    try store.checkpoint()
    if report.added + report.unchanged == 0, let first = report.sources.flatMap(\.rejected).first {
      throw CurationError.nothingTaken(rejected: report.rejected, first: first.reason)
    }
    return report
  }

  /// The ingestor of this name.
  public static func ingestor(named name: String) throws -> any Ingestor.Type {
    guard let ingestor = all.first(where: { $0.name == name }) else {
      throw CurationError.unknownFormat(name, known: all.map { $0.name })
    }
    return ingestor
  }

  private static func recognised(_ source: IngestSource) throws -> any Ingestor.Type {
    if let ingestor = try all.first(where: { try $0.recognises(source) }) { return ingestor }
    let start = try source.start()
    if start.isEmpty { throw CurationError.emptySource(source.name) }
    let looks = ContentSniffer.describe(start)
    if looks != "text" { throw CurationError.notACSV(source.name, found: looks) }
    // Most likely a csv, whose reader says what is wrong with it.
    return FERCSV.self
  }
}
