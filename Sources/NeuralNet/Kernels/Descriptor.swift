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

  /// Describes a tensor by the distance of neighbours along each axis, in elements.
  init(_ shape: [Int], strides: [Int], _ type: dnnl_data_type_t) {
    let (dims, distances) = (shape.map { dnnl_dim_t($0) }, strides.map { dnnl_dim_t($0) })
    var raw = dnnl_memory_desc_t()
    let status = dnnl_memory_desc_init_by_strides(&raw, Int32(shape.count), dims, type, distances)
    precondition(status == dnnl_success, "A tensor has a positive stride along each axis")
    self.raw = raw
  }

  /// The part of a map [N, C, H, W] that starts at given rows and columns and takes every `stride`-th of them.
  func window(rows: (first: Int, count: Int), columns: (first: Int, count: Int), stride: Int) throws -> Descriptor {
    var window = try part(from: [0, 0, rows.first, columns.first], [shape[0], shape[1], rows.count, columns.count])
    window.raw.format_desc.blocking.strides.2 *= dnnl_dim_t(stride)
    window.raw.format_desc.blocking.strides.3 *= dnnl_dim_t(stride)
    return window
  }

  /// The part of a tensor that starts at given positions; in layouts of blocks they are whole blocks.
  func part(from first: [Int], _ shape: [Int]) throws -> Descriptor {
    var part = dnnl_memory_desc_t()
    let status = withUnsafePointer(to: raw) {
      dnnl_memory_desc_init_submemory(&part, $0, shape.map { dnnl_dim_t($0) }, first.map { dnnl_dim_t($0) })
    }
    try OneDNN.check(status, "a part of a tensor of shape \(self.shape)")
    return Descriptor(raw: part)
  }

  /// [K, C, 1, 1] as [K, C], for layouts without blocks.
  var matrix: Descriptor {
    var matrix = Descriptor(
      Array(shape.prefix(2)),
      strides: [Int(raw.format_desc.blocking.strides.0), Int(raw.format_desc.blocking.strides.1)], type)
    matrix.raw.offset0 = raw.offset0
    return matrix
  }

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

  static func == (a: Descriptor, b: Descriptor) -> Bool {
    withUnsafePointer(to: a.raw) { a in withUnsafePointer(to: b.raw) { b in dnnl_memory_desc_equal(a, b) != 0 } }
  }
}
