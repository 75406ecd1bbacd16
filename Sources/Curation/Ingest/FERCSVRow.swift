/// Reads the rows of a FER csv, one line at a time, into a buffer that is used again for the next.
struct FERCSVRow {
  /// Smaller pictures show no face: what makes a smaller square is a row that lacks pixels.
  static let smallestSide = 8

  private let columns: FERCSVColumns
  private let classes: ClassNames
  private let fallback: Split?
  private let file: String
  /// The label of the row read last.
  private(set) var label: String?
  /// The split of the row read last.
  private(set) var split = Split.train
  /// The pixels of the row read last.
  private(set) var pixels: [UInt8]

  /// - Parameters:
  ///   - pixelCount: The number of pixels of every picture of the file; 0 while it is unknown, and no row can be taken.
  ///   - split: The split of rows when the file has no `Usage`; without one, rows with labels train and others test.
  init(columns: FERCSVColumns, classes: ClassNames, split: Split?, pixelCount: Int, file: String) {
    self.columns = columns
    self.classes = classes
    fallback = split
    self.file = file
    pixels = [UInt8](repeating: 0, count: pixelCount)
  }

  /// Why a row cannot be taken.
  struct Failure: Error, Equatable {
    var reason: String
  }

  /// Reads a line.
  ///
  /// - Parameter index: The number of the row, counted from 0, the header not counted.
  mutating func read(_ line: UnsafeRawBufferPointer, index: Int) throws(Failure) {
    let fields = CSVFields.split(line)
    guard fields.count == columns.count else {
      throw failure(index, "has \(fields.count) \(fields.count == 1 ? "field" : "fields"), expected \(columns.count)")
    }
    label = try columns.label.map { column throws(Failure) in
      let text = String(decoding: fields[column], as: UTF8.self)
      guard let name = classes.name(forCell: text) else {
        let known = classes.names.enumerated().map { "\($0) \($1)" }.joined(separator: ", ")
        throw failure(
          index, text.isEmpty ? "has no label" : "has the label '\(text.prefix(24))'; the labels are \(known)")
      }
      return name
    }
    split =
      try columns.usage.map { column throws(Failure) in
        let text = String(decoding: fields[column], as: UTF8.self)
        guard let split = Self.split(text) else {
          let usages = "Training, PublicTest or PrivateTest"
          throw failure(
            index,
            text.isEmpty ? "has no Usage, expected \(usages)" : "has the Usage '\(text.prefix(24))', expected \(usages)"
          )
        }
        return split
      } ?? fallback ?? (label == nil ? .test : .train)
    try readPixels(fields[columns.pixels], index: index)
  }

  private mutating func readPixels(_ text: UnsafeRawBufferPointer, index: Int) throws(Failure) {
    let column = columns.hasHeader ? "pixels" : "\(columns.pixels)"
    // withUnsafeMutableBufferPointer erases the type of what is thrown.
    var problem: PixelList.Failure?
    pixels.withUnsafeMutableBufferPointer { buffer in
      do throws(PixelList.Failure) {
        try PixelList.parse(text, into: buffer)
      } catch {
        problem = error
      }
    }
    switch problem {
    case nil where pixels.isEmpty: throw failure(index, "has no pixels")
    case nil: return
    case .count(let count) where pixels.isEmpty:
      let smallest = Self.smallestSide * Self.smallestSide
      throw failure(index, "has \(count) pixels, expected a square number from \(smallest)")
    case .count(let count): throw failure(index, "has \(count) pixels, expected \(pixels.count)")
    case .value(let value, let position):
      throw failure(index, "has '\(value)' in column \(column) at pixel \(position), expected a number from 0 to 255")
    }
  }

  /// The split that a `Usage` means: FER2013's words, and the usual ones.
  static func split(_ usage: String) -> Split? {
    switch usage {
    case "Training": .train
    case "PublicTest": .validation
    case "PrivateTest": .test
    default: SplitWords.split(for: usage)
    }
  }

  private func failure(_ index: Int, _ what: String) -> Failure {
    Failure(reason: "row \(index) of \(file) \(what)")
  }
}

/// The words by which folders and files name a split.
enum SplitWords {
  /// The splits, for messages.
  static let known = Split.allCases.map(\.rawValue).joined(separator: ", ")

  static func split(for word: String) -> Split? {
    switch word.lowercased() {
    case "train", "training": .train
    case "validation", "valid", "val", "dev", "publictest": .validation
    case "test", "testing", "privatetest", "eval", "evaluation": .test
    default: nil
    }
  }
}
