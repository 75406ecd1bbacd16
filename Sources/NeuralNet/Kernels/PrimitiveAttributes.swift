internal import COneDNN

/// What is done to a kernel's result before it is written.
final class PrimitiveAttributes {
  private(set) var handle: dnnl_primitive_attr_t?

  /// Passes the result through an activation.
  convenience init(appending activation: Activation) throws {
    try self.init { dnnl_post_ops_append_eltwise($0, 1, activation.kind, 0, activation.upperBound) }
  }

  /// Adds the result to what is there.
  static func adding() throws -> PrimitiveAttributes {
    try PrimitiveAttributes { dnnl_post_ops_append_sum($0, 1) }
  }

  /// Multiplies each channel of the result by a factor, adds a constant, and passes it through an activation.
  ///
  /// The factors and constants, 32-bit [1, K, 1, 1], are arguments of the kernel: `factorsArgument`, `constantsArgument`.
  static func scaling(
    _ factors: Descriptor, adding constants: Descriptor, then activation: Activation?
  ) throws -> PrimitiveAttributes {
    try PrimitiveAttributes { postOps in
      for (operation, descriptor) in [(dnnl_binary_mul, factors), (dnnl_binary_add, constants)] {
        let status = withUnsafePointer(to: descriptor.raw) { dnnl_post_ops_append_binary(postOps, operation, $0) }
        guard status == dnnl_success else { return status }
      }
      guard let activation else { return dnnl_success }
      return dnnl_post_ops_append_eltwise(postOps, 1, activation.kind, 0, activation.upperBound)
    }
  }

  /// The argument that holds the factors of `scaling(_:adding:then:)`, its first operation.
  static let factorsArgument = DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE | DNNL_ARG_SRC_1
  /// The argument that holds the constants of `scaling(_:adding:then:)`, its second operation.
  static let constantsArgument = DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE * 2 | DNNL_ARG_SRC_1

  /// Multiplies all values by one number, `DNNL_ARG_ATTR_OUTPUT_SCALES` of the kernel's arguments.
  static func scaledWhenRun() throws -> PrimitiveAttributes {
    let attributes = try PrimitiveAttributes { _ in dnnl_success }
    // DNNL_RUNTIME_F32_VAL: a NaN of its own says that the number comes with the arguments.
    var later = Float(bitPattern: 0x7fc0_00d0)
    try OneDNN.check(dnnl_primitive_attr_set_output_scales(attributes.handle, 1, 0, &later), "kernel attributes")
    return attributes
  }

  private init(_ append: (dnnl_post_ops_t?) -> dnnl_status_t) throws {
    try OneDNN.check(dnnl_primitive_attr_create(&handle), "kernel attributes")
    var postOps: dnnl_post_ops_t?
    try OneDNN.check(dnnl_post_ops_create(&postOps), "kernel attributes")
    defer { dnnl_post_ops_destroy(postOps) }
    try OneDNN.check(append(postOps), "kernel attributes")
    try OneDNN.check(dnnl_primitive_attr_set_post_ops(handle, postOps), "kernel attributes")
  }

  deinit { dnnl_primitive_attr_destroy(handle) }
}
