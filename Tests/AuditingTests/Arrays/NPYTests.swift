import Foundation
import Testing

@testable import Auditing

@Suite struct NPYTests {
  @Test(arguments: [NPY.Element.float64, .float32, .int64])
  func `what is written is read back`(element: NPY.Element) throws {
    for shape in [[3], [2, 3], [0, 7]] {
      let array = NPY(shape: shape, values: (0..<shape.reduce(1, *)).map { Double($0) - 2 })
      let data = array.encoded(as: element)
      #expect(data.prefix(6) == Data([0x93]) + Data("NUMPY".utf8))
      // NumPy maps the values into memory: they start at a multiple of 64.
      let header = Int(data[8]) | Int(data[9]) << 8
      #expect((10 + header).isMultiple(of: 64))
      #expect(try NPY(data, name: "x") == array)
    }
  }

  @Test func `the header is the one that NumPy writes`() {
    let text = String(
      decoding: NPY(shape: [2, 3], values: [1, 2, 3, 4, 5, 6]).encoded(as: .float64)[10..<128], as: UTF8.self)
    #expect(text.hasPrefix("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }"))
    #expect(text.hasSuffix("\n"))
    let vector = String(decoding: NPY(shape: [2], values: [1, 2]).encoded(as: .int64)[10..<80], as: UTF8.self)
    #expect(vector.contains("'shape': (2,), }"))
  }

  @Test func `files that are none are refused with the reason`() throws {
    let good = NPY(shape: [2], values: [1, 2]).encoded(as: .float64)
    func reason(_ data: Data) -> String {
      do {
        _ = try NPY(data, name: "p.npy")
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(reason(Data("hello".utf8)) == "p.npy is no array that can be read: it does not begin like an npy file")
    #expect(reason(good.dropLast(3)).hasSuffix("it has 13 bytes of values for 2 of them"))
    var huge = good
    let shape = "(2147483648, 2147483648), }"
    let short = "(2,), }" + String(repeating: " ", count: shape.count - 7)
    huge.replaceSubrange(try #require(huge.firstRange(of: Data(short.utf8))), with: Data(shape.utf8))
    #expect(reason(huge).hasSuffix("it has 16 bytes of values for far too many of them"))
    var fortran = good
    fortran.replaceSubrange(try #require(fortran.firstRange(of: Data("False".utf8))), with: Data("True ".utf8))
    #expect(reason(fortran).contains("Fortran"))
    var complex = good
    complex.replaceSubrange(try #require(complex.firstRange(of: Data("<f8".utf8))), with: Data("<c8".utf8))
    #expect(reason(complex).contains("'<c8'"))
  }
}
