public import Curation
public import Imaging

/// Samples with their pixels in memory, ready to be made into batches.
///
/// Pictures keep their size when all have the same; otherwise each is resized to the network's input.
public struct ImageSet: Sendable {
  /// The samples, in order.
  public private(set) var samples: [Sample]
  /// Rows.
  public let height: Int
  /// Columns.
  public let width: Int
  /// 1 or 3.
  public let channels: Int
  /// All pictures one after the other, [N, H, W, C].
  private(set) var pixels: [UInt8]

  /// Loads the pictures of `samples`, converted to gray or colour.
  ///
  /// - Parameters:
  ///   - samples: what to load; any number of gray and colour pictures.
  ///   - source: where their pixels come from.
  ///   - channels: 1 or 3.
  ///   - size: rows and columns for sets of mixed sizes.
  ///   - progress: told after each picture.
  public init(
    _ samples: [Sample], from source: some SampleSource, channels: Int, size: Int,
    progress: Progress = { _, _ in }
  ) throws {
    let shapes = Set(samples.map { [$0.height, $0.width] })
    let shape = shapes.count == 1 ? shapes.first ?? [size, size] : [size, size]
    (height, width) = (shape[0], shape[1])
    self.channels = channels
    self.samples = samples
    pixels = []
    pixels.reserveCapacity(samples.count * height * width * channels)
    var done = 0
    try source.forEachImage(of: samples) { _, image in
      var image = channels == 1 ? image.convertedToGray() : image.convertedToRGB()
      if image.height != height || image.width != width { image = image.resized(height: height, width: width) }
      pixels.append(contentsOf: image.pixels)
      done += 1
      try progress(done, samples.count)
    }
  }

  /// Number of samples.
  public var count: Int { samples.count }

  /// The picture at a position.
  public func image(_ index: Int) -> Image {
    let length = height * width * channels
    return Image(
      height: height, width: width, channels: channels, pixels: Array(pixels[(index * length)..<((index + 1) * length)])
    )
  }

  /// The samples at the given positions.
  public func subset(_ indices: [Int]) -> ImageSet {
    var subset = self
    let length = height * width * channels
    subset.samples = indices.map { samples[$0] }
    subset.pixels = []
    subset.pixels.reserveCapacity(indices.count * length)
    for index in indices { subset.pixels += pixels[(index * length)..<((index + 1) * length)] }
    return subset
  }

  /// Mean and standard deviation of all pixels, from 0 to 1.
  public var statistics: (mean: Float, deviation: Float) {
    var histogram = [Int](repeating: 0, count: 256)
    for value in pixels { histogram[Int(value)] += 1 }
    let count = Double(max(1, pixels.count))
    let mean = histogram.enumerated().reduce(0) { $0 + Double($1.offset * $1.element) } / count / 255
    let square = histogram.enumerated().reduce(0) { $0 + Double($1.offset * $1.offset * $1.element) } / count / 65025
    // A set of blank pictures has no deviation to divide by.
    return (Float(mean), Float(max(1e-3, (square - mean * mean).squareRoot())))
  }
}
