/// Changes parameters by their gradients.
///
/// All parameters lie in one buffer and all gradients in another, so a step is one pass over both; their padding is zero
/// and must stay zero. To add one: a class in this folder, a line in `OptimizerKind.all`, ten steps against PyTorch in
/// `tools/golden/optimizers.py`.
public protocol Optimizer: AnyObject {
  /// The step size; schedules set it.
  var learningRate: Float { get set }
  /// How many steps were taken; a resumed run sets it.
  var stepCount: Int { get set }
  /// Buffers laid out like the parameters that a checkpoint must keep, by name.
  var stateBuffers: [(name: String, buffer: UnsafeMutableBufferPointer<Float>)] { get }
  /// Changes the values by the gradients, once.
  ///
  /// - Parameters:
  ///   - values: the parameters.
  ///   - gradients: the loss's derivatives at `values`.
  ///   - evaluate: writes the derivatives at what `values` hold at that moment; those who take one look never call it.
  func step(
    values: UnsafeMutableBufferPointer<Float>, gradients: UnsafeMutableBufferPointer<Float>,
    evaluate: () throws -> Void
  ) throws
}
