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
  /// From here on two examples of a class say no more than one: another cut of the same picture.
  private static let sameExample = 0.85
  /// Examples are chosen from so many times as many.
  private static let spareExamples = 6

  /// A face and how much it is like the one that was asked about.
  struct Neighbour: Sendable {
    let sample: Int64
    let similarity: Double
  }

  /// The faces most like one.
  struct Answer: Sendable {
    /// Whatever their label.
    var alike: [Neighbour] = []
    /// Those that surely carry a label, one list for each label asked about, no two of a list almost the same picture.
    var sure: [[Neighbour]] = []
  }

  private let samples: [Int64]
  private let places: [Int64: Int]
  /// The number of the class that a sample surely carries; -1 where that is not sure.
  private let sureClasses: [Int16]
  private let classes: [String: Int16]
  private let values: [Int8]
  /// Length of each face's values, for the correlation.
  private let norms: [Float]

  /// Reads all pictures once.
  ///
  /// - Parameter sureLabels: The classes of samples whose label is beyond doubt.
  init(
    _ store: DatasetStore, samples: [Sample], sureLabels: [Int64: String], isCancelled: () -> Bool = { false }
  ) throws {
    var values: [Int8] = []
    var norms: [Float] = []
    values.reserveCapacity(samples.count * Self.length)
    norms.reserveCapacity(samples.count)
    try store.forEachImage(of: samples) { _, image in
      if isCancelled() { throw CancellationError() }
      let own = Self.values(of: image)
      values += own
      norms.append(Self.norm(own))
    }
    let names = Set(sureLabels.values).sorted()
    let classes = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int16($0)) })
    self.samples = samples.map(\.id)
    places = Dictionary(uniqueKeysWithValues: samples.enumerated().map { ($1.id, $0) })
    sureClasses = samples.map { sample in sureLabels[sample.id].flatMap { classes[$0] } ?? -1 }
    self.classes = classes
    self.values = values
    self.norms = norms
  }

  /// The faces most like one, itself left out: all are compared once, whatever is asked.
  func neighbours(of sample: Int64, count: Int, sure labels: [String]) -> Answer {
    var answer = Answer(sure: labels.map { _ in [] })
    guard let place = places[sample] else { return answer }
    let wanted = labels.map { classes[$0] ?? -2 }
    values.withUnsafeBufferPointer { values in
      for other in samples.indices where other != place {
        let found = Neighbour(sample: samples[other], similarity: similarity(place, other, values))
        Self.insert(found, into: &answer.alike, count: count)
        for (number, label) in wanted.enumerated() where sureClasses[other] == label {
          Self.insert(found, into: &answer.sure[number], count: Self.spareExamples * count)
        }
      }
      answer.sure = answer.sure.map { distinct($0, count: count, values) }
    }
    return answer
  }

  /// The first of them, without those that are almost the same picture as one before.
  private func distinct(_ found: [Neighbour], count: Int, _ values: UnsafeBufferPointer<Int8>) -> [Neighbour] {
    var kept: [(neighbour: Neighbour, place: Int)] = []
    for next in found where kept.count < count {
      guard let place = places[next.sample] else { continue }
      if kept.allSatisfy({ similarity($0.place, place, values) < Self.sameExample }) { kept.append((next, place)) }
    }
    return kept.map(\.neighbour)
  }

  /// The correlation of two faces, by their places.
  private func similarity(_ first: Int, _ second: Int, _ values: UnsafeBufferPointer<Int8>) -> Double {
    let (a, b) = (first * Self.length, second * Self.length)
    var sum: Int32 = 0
    for index in 0..<Self.length { sum &+= Int32(values[a + index]) &* Int32(values[b + index]) }
    return Double(Float(sum) / (norms[first] * norms[second]))
  }

  private static func insert(_ found: Neighbour, into best: inout [Neighbour], count: Int) {
    guard best.count < count || found.similarity > (best.last?.similarity ?? -1) else { return }
    best.insert(found, at: best.firstIndex { $0.similarity < found.similarity } ?? best.count)
    if best.count > count { best.removeLast() }
  }

  /// The reduced face, its mean 0 and its deviation 32, cut off at what a byte holds.
  private static func values(of image: Image) -> [Int8] {
    let small = image.convertedToGray().resized(height: side, width: side)
    let mean = Double(small.pixels.reduce(0) { $0 + Int($1) }) / Double(length)
    let variance = small.pixels.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(length)
    let scale = 32 / max(variance.squareRoot(), 1)
    return small.pixels.map { Int8(max(-127, min(127, ((Double($0) - mean) * scale).rounded()))) }
  }

  private static func norm(_ values: [Int8]) -> Float {
    max(1, Float(values.reduce(0) { $0 + Int($1) * Int($1) }).squareRoot())
  }
}
