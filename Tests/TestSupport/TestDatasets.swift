public import Curation
import Foundation
public import Imaging

/// One row of a FER csv.
public struct TestRow: Sendable {
  /// The number of the class.
  public var label: Int
  /// The pixels.
  public var image: Image
  /// `Training`, `PublicTest` or `PrivateTest`.
  public var usage: String

  /// Creates a row; without a picture, `seed` draws one.
  public init(_ label: Int, seed: UInt64, usage: String = "Training") {
    self.init(label, image: TestImages.face(seed: seed), usage: usage)
  }

  /// Creates a row.
  public init(_ label: Int, image: Image, usage: String = "Training") {
    self.label = label
    self.image = image
    self.usage = usage
  }

  /// The pixels as text.
  public var pixels: String { image.pixels.map(String.init).joined(separator: " ") }
}

/// Small datasets for tests.
public enum TestDatasets {
  /// FER2013's classes in its order.
  public static let classes = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]

  /// The csv of some rows, as FER2013's.
  public static func csv(_ rows: [TestRow]) -> String {
    "emotion,pixels,Usage\n" + rows.map { "\($0.label),\($0.pixels),\($0.usage)\n" }.joined()
  }

  /// A row of each class in each split, and a second one of each in the training split: 28 samples.
  public static var rows: [TestRow] {
    var rows: [TestRow] = []
    for (number, usage) in ["Training", "Training", "PublicTest", "PrivateTest"].enumerated() {
      for label in classes.indices { rows.append(TestRow(label, seed: UInt64(number * 7 + label), usage: usage)) }
    }
    return rows
  }

  /// A dataset in memory with these rows.
  public static func store(_ rows: [TestRow] = rows) throws -> DatasetStore {
    let store = try DatasetStore.inMemory()
    try fill(store, rows)
    return store
  }

  /// Ingests these rows as `fer.csv`.
  public static func fill(_ store: DatasetStore, _ rows: [TestRow] = rows) throws {
    try withTemporaryDirectory { folder in
      let path = try folder.write(csv(rows), to: "fer.csv")
      _ = try Ingest.run(sources: [path], into: store)
    }
  }
}
