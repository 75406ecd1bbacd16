public import Curation
public import Imaging

/// A dataset in memory: what checks, rebalancers and trainers read, without a file.
///
///     var source = ArraySource()
///     source.add(Image(height: 2, width: 2, filledWith: 9), label: "happy", split: .test)
public struct ArraySource: SampleSource {
  private var names: [String]
  private var all: [Sample] = []
  private var images: [Int64: Image] = [:]

  /// Creates an empty dataset.
  public init(classes: [String] = FaceExpression.names) {
    names = classes
  }

  /// Adds a sample; its id is 1 more than the one before, and its key is that of the row of a csv.
  @discardableResult
  public mutating func add(
    _ image: Image, label: String? = "neutral", split: Split = .train, key: String? = nil,
    encoding: Sample.Encoding = .gray8, group: String? = nil
  ) -> Sample {
    let digits = String(all.count)
    let sample = Sample(
      id: Int64(all.count + 1), key: key ?? "row-" + String(repeating: "0", count: 7 - digits.count) + digits,
      split: split, label: label, width: image.width, height: image.height, channels: image.channels,
      encoding: encoding, pixelHash: Self.hash(of: image), source: 1, group: group)
    all.append(sample)
    images[sample.id] = image
    return sample
  }

  /// Changes what is known about a sample.
  public mutating func update(_ id: Int64, _ body: (inout Sample) -> Void) {
    for index in all.indices where all[index].id == id { body(&all[index]) }
  }

  /// The names of the classes.
  public func classes() throws -> [String] { names }

  /// All samples in order of id, excluded ones left out.
  public func samples() throws -> [Sample] { all.filter { !$0.excluded } }

  /// Hands out the pictures of `samples` one after the other.
  public func forEachImage(of samples: [Sample], _ body: (Sample, Image) throws -> Void) throws {
    for sample in samples {
      guard let image = images[sample.id] else { throw MissingImage(sample: sample.id) }
      try body(sample, image)
    }
  }

  /// A sample that was asked for is not of this source.
  public struct MissingImage: Error {
    /// The id that was asked for.
    public let sample: Int64
  }

  /// Equal for equal pictures; the hash of real datasets is SHA-256, which no test in memory needs.
  private static func hash(of image: Image) -> String {
    var hashes: [UInt64] = [0xcbf2_9ce4_8422_2325, 0x9e37_79b9_7f4a_7c15]
    for value in [image.width, image.height, image.channels] + image.pixels.map(Int.init) {
      hashes[0] = (hashes[0] ^ UInt64(value)) &* 0x0000_0100_0000_01b3
      hashes[1] = (hashes[1] &+ UInt64(value)) &* 0xbf58_476d_1ce4_e5b9
      hashes[1] ^= hashes[1] >> 29
    }
    return hashes.map { hash in
      let digits = String(hash, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    .joined()
  }
}
