import Crypto
public import Imaging

/// The fingerprint of a picture: equal for equal pictures, however their files were encoded.
///
/// SHA-256 over width, height and channels, each as 32 bits with the lowest byte first, and the pixels; in lower-case
/// hexadecimal.
public enum PixelHash {
  /// The fingerprint of `image`.
  public static func of(_ image: Image) -> String {
    image.pixels.withUnsafeBytes { pixels in
      of(pixels, width: image.width, height: image.height, channels: image.channels)
    }
  }

  static func of(_ pixels: UnsafeRawBufferPointer, width: Int, height: Int, channels: Int) -> String {
    var hash = SHA256()
    let header = (UInt32(width).littleEndian, UInt32(height).littleEndian, UInt32(channels).littleEndian)
    withUnsafeBytes(of: header) { hash.update(bufferPointer: $0) }
    hash.update(bufferPointer: pixels)
    return hexadecimal(hash.finalize())
  }

  /// SHA-256 of a text, in hexadecimal.
  static func text(_ text: String) -> String {
    var copy = text
    return copy.withUTF8 { bytes in
      var hash = SHA256()
      hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
      return hexadecimal(hash.finalize())
    }
  }

  private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    String(unsafeUninitializedCapacity: 64) { text in
      var count = 0
      for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
          text[count] = digit < 10 ? 48 + digit : 87 + digit
          count += 1
        }
      }
      return count
    }
  }
}
