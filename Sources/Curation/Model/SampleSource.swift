public import Imaging

/// What checks, rebalancers and trainers read: samples in a fixed order, and their pictures on demand.
///
/// `DatasetStore` is the source of real runs; tests use an array in memory.
public protocol SampleSource: Sendable {
  /// The names of the classes, in the dataset's order.
  func classes() throws -> [String]
  /// All samples in order of id, excluded ones left out.
  func samples() throws -> [Sample]
  /// Decodes the pictures of `samples` one after the other, in that order.
  func forEachImage(of samples: [Sample], _ body: (Sample, Image) throws -> Void) throws
}
