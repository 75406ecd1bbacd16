public import Foundation

extension CurationError: CustomStringConvertible, LocalizedError {
  /// What is wrong, where, and what to do about it, in one line.
  public var description: String {
    switch self {
    case .noSuchDataset(let path):
      "there is no dataset \(path); 'fercure ingest SOURCE --into \(path)' makes one"
    case .datasetExists(let path):
      "\(path) exists already; choose another name or remove it first"
    case .notADataset(let path, let found):
      "\(path) is no fercure dataset: it is \(found)"
    case .newerDataset(let path):
      "\(path) was written by a newer fercure than \(ToolVersion.current); update fercure to open it"
    case .cannotWrite(let path, let reason):
      "cannot write \(path): \(reason)"
    case .databaseFailed(let path, let message):
      "the dataset \(path) cannot be used: \(message)"

    case .noSuchSample(let key):
      "there is no sample \(key)"
    case .noSuchRun(let run):
      "there is no run \(run); 'fercure info' lists the runs"
    case .noSuchSuggestion(let suggestion):
      "there is no suggestion \(suggestion)"
    case .unknownClass(let name, let known):
      "there is no class '\(name)'; the classes are \(known.joined(separator: ", "))"
    case .badValue(let field, let value, let sample):
      "\(sample) cannot have the \(field.rawValue) '\(value ?? "none")'; it is one of \(Self.values(of: field))"
    case .relabelWithoutLabel(let suggestion):
      "suggestion \(suggestion) is to be relabelled, but the label is missing"
    case .badReviewer:
      "a reviewer has a name of 1 to 80 characters, none of them a control character"
    case .nothingToUndo(let run):
      "run \(run) changed nothing that could be undone"
    case .addsSamples(let run):
      "run \(run) added samples, which cannot be undone; work on a copy made before it"
    case .alreadyUndone(let run, let by):
      "run \(run) was undone already, by run \(by)"
    case .changedSince(let run, let sample, let field, let by):
      "run \(run) cannot be undone: the \(field.rawValue) of \(sample) was changed again by \(by); undo that first, or use force"
    case .decidedSince(let run, let sample, let by):
      "run \(run) cannot be undone: the suggestion for \(sample) was decided again by \(by); undo that first, or use force"
    case .cannotRender(let sample, let reason):
      "the picture of \(sample) cannot be shown: \(reason)"
    case .linkedFileMissing(let sample, let path):
      "the file \(path) that \(sample) is linked to cannot be read; move it back or ingest it without --link"
    case .linkedFileChanged(let sample, let path):
      "the file \(path) that \(sample) is linked to has changed since it was ingested"

    case .noSuchSource(let path):
      "there is no file or folder \(path)"
    case .emptySource(let name):
      "\(name) is empty"
    case .unrecognisedSource(let name, let known):
      "cannot tell what \(name) is; name it with --format, one of \(known.joined(separator: ", "))"
    case .unknownFormat(let name, let known):
      "there is no format '\(name)'; the formats are \(known.joined(separator: ", "))"
    case .notACSV(let name, let found):
      "\(name) is no csv: it is \(found)"
    case .wrongColumns(let name, let found, let wanted):
      "\(name) has the columns \(found.joined(separator: ", ")); wanted are \(wanted)"
    case .badClassList(let list):
      "'\(list)' is no list of classes: it takes two or more different names, separated by commas"
    case .otherClasses(let source, let given, let dataset):
      "\(source) has the classes \(given.joined(separator: ", ")), but the dataset has \(dataset.joined(separator: ", "))"
    case .decompressorMissing(let tool, let file):
      "\(file) is compressed, but the program '\(tool)' that opens it is not installed"
    case .decompressionFailed(let file, let message):
      "\(file) cannot be decompressed: \(message)"
    case .readFailed(let file, let message):
      "\(file) cannot be read: \(message)"
    case .noRowsToJoin(let name):
      "\(name) has votes for the rows of a FER csv, but the dataset has none; ingest the csv first or together"
    case .voteRowCount(let name, let rows, let source, let sourceRows):
      "\(name) has votes for \(rows) rows, but \(source) has \(sourceRows)"
    case .ambiguousVotes(let name, let sources):
      "\(name) has votes for as many rows as \(sources.joined(separator: " and ")) have; "
        + "ingest it together with its own csv"
    case .badVote(let name, let row, let column, let value):
      "row \(row) of \(name) has '\(value)' in column \(column), expected a number of votes from 0 to "
        + "\(FERPlusVotes.mostVotes)"
    case .unclosedQuote(let name, let row):
      "\(row.map { "row \($0)" } ?? "the header") of \(name) opens a quote that is not closed; close it there"
    case .noClassFolders(let name):
      "\(name) has no pictures in class folders; wanted is CLASS/picture.png or train/CLASS/picture.png"
    case .nothingTaken(let rejected, let first):
      "nothing was taken: \(rejected == 1 ? "one item was" : "\(rejected) items were") rejected, "
        + "\(rejected == 1 ? "because" : "the first because") \(first)"

    case .folderNotEmpty(let path):
      "\(path) is not empty; choose another folder or overwrite it"
    case .folderHoldsLinkedFiles(let path, let files, let example):
      "\(path) holds \(files) of the files that the dataset is linked to, such as \(example); choose another folder"
    case .nothingToExport:
      "there is nothing to export: the dataset has no samples"
    }
  }

  /// The same line, where Foundation asks for it.
  public var errorDescription: String? { description }

  private static func values(of field: LabelChange.Field) -> String {
    switch field {
    case .label: "the classes"
    case .split: Split.allCases.map(\.rawValue).joined(separator: ", ")
    case .excluded: "true, false"
    }
  }
}
