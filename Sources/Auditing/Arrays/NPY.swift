public import Foundation

/// Arrays as NumPy reads and writes them: format 1.0, little-endian, C order.
///
/// Source: NumPy's description of the NPY format.
public struct NPY: Equatable, Sendable {
  /// The sizes.
  public var shape: [Int]
  /// The values, row by row.
  public var values: [Double]

  /// How values are written.
  public enum Element: String, Sendable {
    /// 64-bit floats.
    case float64 = "<f8"
    /// 32-bit floats.
    case float32 = "<f4"
    /// 64-bit integers.
    case int64 = "<i8"
  }

  /// Creates an array.
  public init(shape: [Int], values: [Double]) {
    precondition(shape.reduce(1, *) == values.count, "An array has as many values as its shape says")
    self.shape = shape
    self.values = values
  }

  /// The bytes of the file.
  public func encoded(as element: Element) -> Data {
    // Python's way: only a tuple of one has a comma behind it.
    let sizes = shape.count == 1 ? "\(shape[0])," : shape.map { "\($0)" }.joined(separator: ", ")
    var header = "{'descr': '\(element.rawValue)', 'fortran_order': False, 'shape': (\(sizes)), }"
    // Magic, version and length take 10 bytes; the whole header a multiple of 64, with its line end.
    header += String(repeating: " ", count: (64 - (10 + header.utf8.count + 1) % 64) % 64) + "\n"
    var data = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0])
    withUnsafeBytes(of: UInt16(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
    data.append(Data(header.utf8))
    switch element {
    case .float64: values.withUnsafeBytes { data.append(contentsOf: $0) }
    case .float32: values.map { Float($0) }.withUnsafeBytes { data.append(contentsOf: $0) }
    case .int64: values.map { Int64($0) }.withUnsafeBytes { data.append(contentsOf: $0) }
    }
    return data
  }

  /// Reads a file of floats or integers.
  public init(contentsOf url: URL) throws {
    let path = url.path(percentEncoded: false)
    guard let data = try? Data(contentsOf: url) else { throw AuditError.notAnArray(path, reason: "it cannot be read") }
    try self.init(data, name: path)
  }

  /// Reads the bytes of a file; `name` only names it in errors.
  public init(_ data: Data, name: String) throws {
    func invalid(_ reason: String) -> AuditError { .notAnArray(name, reason: reason) }
    let bytes = [UInt8](data.prefix(12))
    guard bytes.count >= 10, bytes[0] == 0x93, Array(bytes[1..<6]) == Array("NUMPY".utf8) else {
      throw invalid("it does not begin like an npy file")
    }
    let isLong = bytes[6] >= 2
    guard !isLong || bytes.count == 12 else { throw invalid("it ends in its header") }
    let length = Int(bytes[8]) | Int(bytes[9]) << 8 | (isLong ? Int(bytes[10]) << 16 | Int(bytes[11]) << 24 : 0)
    let start = isLong ? 12 : 10
    guard data.count >= start + length else { throw invalid("it ends in its header") }
    let header = String(decoding: data.dropFirst(start).prefix(length), as: UTF8.self)
    guard let type = header.firstMatch(of: /'descr':\s*'([^']*)'/)?.1,
      let order = header.firstMatch(of: /'fortran_order':\s*(True|False)/)?.1,
      let sizes = header.firstMatch(of: /'shape':\s*\(([^)]*)\)/)?.1
    else { throw invalid("its header is none of NumPy's") }
    guard order == "False" else { throw invalid("its order is Fortran's; save it with numpy.ascontiguousarray") }
    let shape = sizes.split(separator: ",").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    guard shape.allSatisfy({ $0 >= 0 && $0 < 1 << 40 }) else { throw invalid("its shape makes no sense") }
    let body = data.dropFirst(start + length)
    // A product that no integer holds fits no file.
    let count = shape.reduce(1.0) { $0 * Double($1) } < 0x1p53 ? shape.reduce(1, *) : nil
    func load<Value>(_ type: Value.Type, _ number: (Value) -> Double) throws -> [Double] {
      let stride = MemoryLayout<Value>.stride
      guard let count, body.count % stride == 0, body.count / stride == count else {
        throw invalid("it has \(body.count) bytes of values for \(count.map(String.init) ?? "far too many") of them")
      }
      return body.withUnsafeBytes { raw in
        (0..<count).map { number(raw.loadUnaligned(fromByteOffset: $0 * stride, as: type)) }
      }
    }
    switch type {
    case "<f8": values = try load(Double.self) { $0 }
    case "<f4": values = try load(Float.self) { Double($0) }
    case "<i8": values = try load(Int64.self) { Double($0) }
    case "<i4": values = try load(Int32.self) { Double($0) }
    default: throw invalid("its values are '\(type)', not 32- or 64-bit numbers in little-endian order")
    }
    self.shape = shape
  }
}
