import Foundation
import Imaging

/// Writes `fer.csv`, byte for byte as FER2013's: `emotion,pixels,Usage`, 48 x 48 gray pixels, lines ending in LF.
///
/// Rows stand in the order of the dataset, and the number of a class is its place in the dataset. Colour pictures are
/// made gray, and other sizes are resized to 48 x 48 with a bilinear filter, whatever their proportions. A sample
/// without a label cannot be written and is listed.
public enum FERCSVExporter: Exporter {
  /// The name used by `--format`.
  public static let name = "fer-csv"
  /// What it writes.
  public static let summary = "FER2013 csv, 48 x 48 gray: fer.csv"

  private static let side = 48

  /// Writes the file; see `Export.run`.
  public static func export(_ store: DatasetStore, into folder: String, progress: Progress?) throws -> ExportReport {
    let numbers = Dictionary(uniqueKeysWithValues: try store.classes().enumerated().map { ($1, $0) })
    let samples = try store.samples()
    var report = ExportReport(format: name, written: 0, rejected: [], notes: [])
    let labelled = samples.filter { $0.label != nil }
    for sample in samples where sample.label == nil {
      report.rejected.append(
        Rejection(item: sample.key, reason: "\(sample.key) has no label, which \(name) cannot leave out"))
    }
    let file = try OutputFile(folder + "/fer.csv")
    try file.write("emotion,pixels,Usage\n")
    var converted = 0
    try store.forEachImage(of: labelled) { sample, image in
      var image = image
      if image.channels != 1 || image.width != side || image.height != side {
        converted += 1
        image = image.convertedToGray().resized(height: side, width: side)
      }
      guard let label = sample.label, let number = numbers[label] else { return }
      try file.write("\(number),")
      try file.write(capacity: side * side * 4) { DecimalText.write(image.pixels, into: $0) }
      try file.write(",\(usage(sample.split))\n")
      report.written += 1
      if report.written % 512 == 0 { try progress?(report.written, labelled.count) }
    }
    try file.close()
    try progress?(labelled.count, labelled.count)
    if converted > 0 { report.notes.append("\(converted) pictures were converted to \(side) x \(side) gray") }
    return report
  }

  private static func usage(_ split: Split) -> String {
    switch split {
    case .train: "Training"
    case .validation: "PublicTest"
    case .test: "PrivateTest"
    }
  }
}

/// Writes bytes as decimal numbers separated by spaces.
enum DecimalText {
  /// For each value: its digits and a space, the first in the lowest byte, and how many characters that makes.
  private static let table: [(text: UInt32, count: Int)] = (0..<256).map { value in
    var text: UInt32 = 0
    let characters = Array("\(value) ".utf8)
    for (index, character) in characters.enumerated() { text |= UInt32(character) << UInt32(8 * index) }
    return (text, characters.count)
  }

  /// Writes `values` and returns the number of bytes.
  ///
  /// - Parameter buffer: At least four bytes for each value.
  static func write(_ values: [UInt8], into buffer: UnsafeMutableRawBufferPointer) -> Int {
    precondition(buffer.count >= values.count * 4, "The text of a value takes up to four bytes")
    var position = 0
    table.withUnsafeBufferPointer { table in
      for value in values {
        let (text, count) = table[Int(value)]
        buffer.storeBytes(of: text.littleEndian, toByteOffset: position, as: UInt32.self)
        position += count
      }
    }
    // Without the space behind the last one.
    return max(0, position - 1)
  }
}
