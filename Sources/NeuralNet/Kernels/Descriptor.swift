internal import COneDNN

/// Shape, number format and memory layout of a tensor, as oneDNN sees it.
struct Descriptor: Equatable {
  var raw: dnnl_memory_desc_t

  enum Layout { case plain, any }

  /// Describes a tensor of the given shape: row-major (`plain`), or in the layout a kernel is free to choose (`any`).
  init(_ shape: [Int], _ type: dnnl_data_type_t = dnnl_f32, layout: Layout = .plain) {
    let tags = [dnnl_a, dnnl_ab, dnnl_abc, dnnl_abcd, dnnl_abcde]
    let dims = shape.map { dnnl_dim_t($0) }
    var raw = dnnl_memory_desc_t()
    let tag = layout == .any ? dnnl_format_tag_any : tags[shape.count - 1]
    let status = dnnl_memory_desc_init_by_tag(&raw, Int32(shape.count), dims, type, tag)
    precondition(status == dnnl_success, "A tensor has 1 to 5 positive dimensions")
    self.raw = raw
  }

  init(raw: dnnl_memory_desc_t) { self.raw = raw }

  /// The sizes along each axis.
  var shape: [Int] {
    withUnsafeBytes(of: raw.dims) { bytes in
      let sizes = bytes.bindMemory(to: dnnl_dim_t.self)
      return (0..<Int(raw.ndims)).map { Int(sizes[$0]) }
    }
  }

  /// Bytes the tensor takes in this layout, padding included.
  var byteCount: Int { withUnsafePointer(to: raw) { dnnl_memory_desc_get_size($0) } }

  /// The number format.
  var type: dnnl_data_type_t { raw.data_type }

  /// The same shape and layout in another number format.
  func with(type: dnnl_data_type_t) -> Descriptor {
    var copy = self
    copy.raw.data_type = type
    return copy
  }

  /// The same shape and format, in the layout a kernel is free to choose.
  var anyLayout: Descriptor { Descriptor(shape, type, layout: .any) }

  static func == (a: Descriptor, b: Descriptor) -> Bool {
    withUnsafePointer(to: a.raw) { a in withUnsafePointer(to: b.raw) { b in dnnl_memory_desc_equal(a, b) != 0 } }
  }
}
