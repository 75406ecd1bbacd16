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
