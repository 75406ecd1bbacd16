internal import COneDNN

/// The one CPU engine and stream that all kernels run on.
///
/// A network must be built and run by one thread at a time: OpenMP keeps a team of workers for each calling thread.
enum OneDNN {
  nonisolated(unsafe) static let engine: dnnl_engine_t = {
    var engine: dnnl_engine_t?
    let status = dnnl_engine_create(&engine, dnnl_cpu, 0)
    guard status == dnnl_success, let engine else { preconditionFailure("oneDNN offers no CPU engine") }
    return engine
  }()

  nonisolated(unsafe) static let stream: dnnl_stream_t = {
    var stream: dnnl_stream_t?
    let status = dnnl_stream_create(&stream, engine, UInt32(dnnl_stream_default_flags.rawValue))
    guard status == dnnl_success, let stream else { preconditionFailure("oneDNN offers no stream") }
    return stream
  }()

  /// Turns a status other than success into an error that names the operation.
  static func check(_ status: dnnl_status_t, _ operation: @autoclosure () -> String) throws {
    guard status != dnnl_success else { return }
    let words =
      switch status {
      case dnnl_out_of_memory: "out of memory"
      case dnnl_invalid_arguments: "invalid arguments"
      case dnnl_unimplemented: "not implemented for this processor, shape or number format"
      case dnnl_runtime_error: "it failed while running"
      default: "status \(status.rawValue)"
      }
    throw NeuralNetError.kernel(operation: operation(), status: words)
  }
}

/// A kernel chosen by oneDNN for given shapes, before it is compiled.
final class PrimitiveDescriptor {
  let handle: dnnl_primitive_desc_t
  let name: String

  /// Chooses the kernel for an operation descriptor such as `dnnl_convolution_desc_t`.
  init<Operation>(
    _ name: String, _ operation: Operation, attributes: dnnl_primitive_attr_t? = nil,
    forward: PrimitiveDescriptor? = nil
  ) throws {
    var handle: dnnl_primitive_desc_t?
    let status = withUnsafePointer(to: operation) {
      dnnl_primitive_desc_create(&handle, UnsafeRawPointer($0), attributes, OneDNN.engine, forward?.handle)
    }
    try OneDNN.check(status, name)
    guard let handle else { throw NeuralNetError.kernel(operation: name, status: "no handle") }
    self.handle = handle
    self.name = name
  }

  /// Takes over a descriptor that oneDNN made without an operation descriptor (reorder, sum).
  init(_ name: String, handle: dnnl_primitive_desc_t) {
    self.name = name
    self.handle = handle
  }

  deinit { dnnl_primitive_desc_destroy(handle) }

  /// The shape and layout of one of the kernel's arguments.
  func descriptor(_ what: dnnl_query_t) -> Descriptor {
    guard let pointer = dnnl_primitive_desc_query_md(handle, what, 0) else {
      preconditionFailure("Kernel \(name) has no such argument")
    }
    return Descriptor(raw: pointer.pointee)
  }

  /// oneDNN's name of the implementation, such as `jit:avx2`.
  var implementation: String {
    var text: UnsafePointer<CChar>?
    let status = withUnsafeMutablePointer(to: &text) {
      dnnl_primitive_desc_query(handle, dnnl_query_impl_info_str, 0, UnsafeMutableRawPointer($0))
    }
    guard status == dnnl_success, let text else { return "unknown" }
    return String(cString: text)
  }
}

/// A compiled kernel with its arguments: running it allocates nothing.
final class Primitive {
  private let handle: dnnl_primitive_t
  private let arguments: UnsafeMutableBufferPointer<dnnl_exec_arg_t>
  private let retained: [Value]
  let descriptor: PrimitiveDescriptor

  init(_ descriptor: PrimitiveDescriptor, _ values: [(Int32, Value)]) throws {
    var handle: dnnl_primitive_t?
    try OneDNN.check(dnnl_primitive_create(&handle, descriptor.handle), descriptor.name)
    guard let handle else { throw NeuralNetError.kernel(operation: descriptor.name, status: "no handle") }
    self.handle = handle
    self.descriptor = descriptor
    arguments = .allocate(capacity: values.count)
    for (index, (argument, value)) in values.enumerated() {
      arguments.initializeElement(at: index, to: dnnl_exec_arg_t(arg: argument, memory: value.memory))
    }
    retained = values.map(\.1)
  }

  deinit {
    dnnl_primitive_destroy(handle)
    arguments.deallocate()
  }

  func run() throws {
    let status = dnnl_primitive_execute(handle, OneDNN.stream, Int32(arguments.count), arguments.baseAddress)
    try OneDNN.check(status, descriptor.name)
  }
}
