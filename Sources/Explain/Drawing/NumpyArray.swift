/// Numbers as a `.npy` file, which NumPy, MATLAB, Julia and others read: 32-bit floats, little-endian, row-major.
public enum NumpyArray {
  /// The bytes of a file.
  public static func bytes(_ values: [Float], shape: [Int]) -> [UInt8] {
    precondition(values.count == shape.reduce(1, *), "An array has as many values as its shape says")
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(sizes)), }"
    // Magic, version, length and header together are a multiple of 64 bytes, ended by a line feed.
    let length = 10 + header.utf8.count + 1
    header += String(repeating: " ", count: (64 - length % 64) % 64) + "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes += [UInt8(header.utf8.count & 0xff), UInt8(header.utf8.count >> 8)]
    bytes += header.utf8
    for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
    return bytes
  }
}

extension HeatMap {
  /// The map as a `.npy` file of [H, W].
  public var numpyBytes: [UInt8] { NumpyArray.bytes(values, shape: [height, width]) }
}
