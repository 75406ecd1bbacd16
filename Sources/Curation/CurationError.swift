/// What can be wrong with a dataset, with what goes into it, or with what is asked of it.
public enum CurationError: Error, Equatable, Sendable {
  // The dataset file.
  case noSuchDataset(path: String)
  case datasetExists(path: String)
  case notADataset(path: String, found: String)
  case newerDataset(path: String)
  case cannotWrite(path: String, reason: String)
  case databaseFailed(path: String, message: String)

  // What is asked of it.
  case noSuchSample(String)
  case noSuchRun(Int64)
  case noSuchSuggestion(Int64)
  case unknownClass(String, known: [String])
  case badValue(field: LabelChange.Field, value: String?, sample: String)
  case relabelWithoutLabel(suggestion: Int64)
  case badReviewer(String)
  case nothingToUndo(run: Int64)
  case addsSamples(run: Int64)
  case alreadyUndone(run: Int64, by: Int64)
  case changedSince(run: Int64, sample: String, field: LabelChange.Field, by: String)
  case decidedSince(run: Int64, sample: String, by: String)
  case cannotRender(sample: String, reason: String)
  case linkedFileMissing(sample: String, path: String)
  case linkedFileChanged(sample: String, path: String)

  // What goes into it.
  case noSuchSource(String)
  case emptySource(String)
  case unrecognisedSource(String, known: [String])
  case unknownFormat(String, known: [String])
  case notACSV(String, found: String)
  case wrongColumns(String, found: [String], wanted: String)
  case badClassList(String)
  case otherClasses(source: String, given: [String], dataset: [String])
  case decompressorMissing(String, file: String)
  case decompressionFailed(String, message: String)
  case readFailed(String, message: String)
  case noRowsToJoin(String)
  case voteRowCount(String, rows: Int, source: String, sourceRows: Int)
  case ambiguousVotes(String, sources: [String])
  case badVote(String, row: Int, column: String, value: String)
  case unclosedQuote(String, row: Int?)
  case noClassFolders(String)
  case nothingTaken(rejected: Int, first: String)

  // What comes out of it.
  case folderNotEmpty(String)
  case folderHoldsLinkedFiles(String, files: Int, example: String)
  case nothingToExport
}
