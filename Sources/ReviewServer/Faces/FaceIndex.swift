import Curation
import Dispatch
import Imaging

/// Finds faces that look alike: each is reduced to 16 x 16 gray values without brightness and contrast.
///
/// The similarity of two is the correlation of these values, 1 for copies. 256 bytes a face: all of FER2013 are nine
/// megabytes, and a search through them takes a few milliseconds.
struct FaceIndex: Sendable {
  /// Rows and columns that a face is reduced to.
  static let side = 16
  private static let length = side * side
  /// From here on two pictures count as the same one.
  static let sameFace = 0.97

  /// One face of the index.
  struct Member: Sendable {
    let sample: Int64
    /// The class that the sample surely carries; nil when that is not sure.
    let sureLabel: String?
  }

  /// A face and how much it is like the one that was asked about.
  struct Neighbour: Sendable {
    let sample: Int64
    let similarity: Double
  }

  let members: [Member]
  private let values: [Int8]
  /// Length of each face's values, for the correlation.
  private let norms: [Float]
  private let places: [Int64: Int]

  /// Reads all pictures once.
  ///
  /// - Parameter sureLabels: The classes of samples whose label is beyond doubt.
  init(_ store: DatasetStore, samples: [Sample], sureLabels: [Int64: String], isCancelled: () -> Bool) throws {
    var values: [Int8] = []
    var norms: [Float] = []
    values.reserveCapacity(samples.count * Self.length)
    norms.reserveCapacity(samples.count)
    try store.forEachImage(of: samples) { _, image in
      if isCancelled() { throw CancellationError() }
      let own = Self.values(of: image)
      values += own
      norms.append(Self.norm(own[...]))
    }
    members = samples.map { Member(sample: $0.id, sureLabel: sureLabels[$0.id]) }
    places = Dictionary(uniqueKeysWithValues: samples.enumerated().map { ($1.id, $0) })
    self.values = values
    self.norms = norms
  }

  /// The faces most like one, itself left out.
  ///
  /// - Parameter isWanted: Which members may be among them.
  func nearest(to sample: Int64, count: Int, where isWanted: (Member) -> Bool) -> [Neighbour] {
    guard let place = places[sample] else { return [] }
    var best: [Neighbour] = []
    values.withUnsafeBufferPointer { values in
      let query = UnsafeBufferPointer(rebasing: values[place * Self.length..<(place + 1) * Self.length])
      for (other, member) in members.enumerated() where other != place && isWanted(member) {
        let start = other * Self.length
        var sum: Int32 = 0
        for index in 0..<Self.length { sum &+= Int32(query[index]) &* Int32(values[start + index]) }
        let similarity = Double(Float(sum) / (norms[place] * norms[other]))
        guard best.count < count || similarity > (best.last?.similarity ?? -1) else { continue }
        let position = best.firstIndex { $0.similarity < similarity } ?? best.count
        best.insert(Neighbour(sample: member.sample, similarity: similarity), at: position)
        if best.count > count { best.removeLast() }
      }
    }
    return best
  }

  /// The reduced face, its mean 0 and its deviation 32, cut off at what a byte holds.
  private static func values(of image: Image) -> [Int8] {
    let small = image.convertedToGray().resized(height: side, width: side)
    let mean = Double(small.pixels.reduce(0) { $0 + Int($1) }) / Double(length)
    let variance = small.pixels.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(length)
    let scale = 32 / max(variance.squareRoot(), 1)
    return small.pixels.map { Int8(max(-127, min(127, ((Double($0) - mean) * scale).rounded()))) }
  }

  private static func norm(_ values: ArraySlice<Int8>) -> Float {
    max(1, Float(values.reduce(0) { $0 + Int($1) * Int($1) }).squareRoot())
  }
}
