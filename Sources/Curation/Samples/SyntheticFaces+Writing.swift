public import Foundation
import Imaging
import Randomness

extension SyntheticFaces {
  /// Draws the dataset and writes it into `directory`, which is created when it does not exist.
  ///
  /// - `faces.csv`: `emotion,pixels,Usage`, as FER2013 is published.
  /// - `truth.csv`: `key,split,given,true,note`; `true` is empty where no face was drawn.
  /// - `folders/SPLIT/CLASS/KEY.png`, filed under the given label, if `options.folders` says so.
  /// - `votes.csv`: ten simulated taggers in the shape of FER+, if `options.votes` says so.
  /// - Returns: what was written, in row order.
  /// - Throws: `SyntheticFacesError`; whatever `progress` throws.
  @discardableResult
  public static func write(
    to directory: URL, _ options: Options, progress: Progress = { _, _ in }
  ) throws -> [SyntheticSample] {
    try options.validate()
    let names = ["faces.csv", "truth.csv", "folders", "votes.csv"]
    for path in names.map({ directory.appending(path: $0).path }) where FileManager.default.fileExists(atPath: path) {
      throw SyntheticFacesError.exists(path: path)
    }
    try writing(directory) { try FileManager.default.createDirectory(at: $0, withIntermediateDirectories: true) }
    let samples = try dataset(options, progress: progress)
    try writing(directory.appending(path: "faces.csv")) { try writeCSV(of: samples, to: $0) }
    try writing(directory.appending(path: "truth.csv")) { try Data(truthCSV(of: samples).utf8).write(to: $0) }
    if options.votes {
      let votes = votesCSV(of: samples, seed: options.seed, known: options.votesKnown)
      try writing(directory.appending(path: "votes.csv")) { try Data(votes.utf8).write(to: $0) }
    }
    if options.folders {
      try writeFolders(of: samples, into: directory.appending(path: "folders"))
    }
    return samples
  }

  /// Writes the rows as a csv in FER2013's format, piece by piece: a million rows are 8 GB of text.
  private static func writeCSV(of samples: [SyntheticSample], to url: URL) throws {
    try Data("emotion,pixels,Usage\n".utf8).write(to: url)
    let file = try FileHandle(forWritingTo: url)
    defer { try? file.close() }
    try file.seekToEnd()
    let piece = 4096
    for start in stride(from: 0, to: samples.count, by: piece) {
      try file.write(contentsOf: Data(csvRows(of: samples[start..<min(samples.count, start + piece)])))
    }
  }

  /// Rows as bytes of a csv in FER2013's format.
  private static func csvRows(of samples: ArraySlice<SyntheticSample>) -> [UInt8] {
    let numbers = (0...255).map { Array("\($0)".utf8) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(samples.count * 9_300)
    for sample in samples {
      bytes += "\(sample.given.number),".utf8
      for (index, pixel) in sample.image.pixels.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: " ")) }
        bytes += numbers[Int(pixel)]
      }
      bytes += ",\(usage(of: sample.split))\n".utf8
    }
    return bytes
  }

  static func truthCSV(of samples: [SyntheticSample]) -> String {
    samples.reduce(into: "key,split,given,true,note\n") { text, sample in
      text +=
        "\(sample.key),\(sample.split.rawValue),\(sample.given.rawValue),\(sample.truth?.rawValue ?? ""),"
        + "\(sample.flaw?.note ?? "")\n"
    }
  }

  /// The simulated votes; equal pictures get equal votes, as in FER+, or none.
  static func votesCSV(of samples: [SyntheticSample], seed: UInt64, known: Double) -> String {
    samples.reduce(into: SyntheticVotes.header + "\n") { text, sample in
      let shown =
        switch sample.flaw {
        case .copy(let row), .conflictingCopy(let row): row
        default: sample.row
        }
      var generator = SeededGenerator(seed: seed, "synthetic-votes", SyntheticSample.key(ofRow: shown))
      var counts = SyntheticVotes.counts(truth: sample.truth, intensity: sample.intensity, using: &generator)
      if !generator.chance(known) { counts = counts.map { _ in 0 } }
      let name = "fer" + SyntheticSample.key(ofRow: sample.row).dropFirst(4) + ".png"
      text += "\(usage(of: sample.split)),\(name),\(counts.map(String.init).joined(separator: ","))\n"
    }
  }

  private static func usage(of split: Split) -> String {
    switch split {
    case .train: "Training"
    case .validation: "PublicTest"
    case .test: "PrivateTest"
    }
  }

  private static func writeFolders(of samples: [SyntheticSample], into folder: URL) throws {
    for split in Split.allCases {
      for name in FaceExpression.names {
        try writing(folder.appending(path: split.rawValue).appending(path: name)) {
          try FileManager.default.createDirectory(at: $0, withIntermediateDirectories: true)
        }
      }
    }
    for sample in samples {
      let path = "\(sample.split.rawValue)/\(sample.given.rawValue)/\(sample.key).png"
      try writing(folder.appending(path: path)) { try Data(PNGCodec.encode(sample.image)).write(to: $0) }
    }
  }

  private static func writing(_ url: URL, _ body: (URL) throws -> Void) throws {
    do {
      try body(url)
    } catch let error as CocoaError {
      throw SyntheticFacesError.cannotWrite(path: url.path, reason: error.localizedDescription)
    }
  }
}
