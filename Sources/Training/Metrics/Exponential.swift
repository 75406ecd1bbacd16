#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

extension Float {
  /// e to the power of x.
  static func exponential(_ x: Float) -> Float { expf(x) }
}
