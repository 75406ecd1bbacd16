import Imaging

/// Every picture of a dataset as 16 x 16 levels: enough to tell a face from what is none, and little to keep.
public struct FaceTable: Sendable {
  /// Rows and columns of a small face.
  public static let side = 16
  /// Levels of a small face.
  public static let area = side * side

  private var levels: [UInt8] = []

  /// Creates an empty table.
  public init() {}

  /// How many faces there are.
  public var count: Int { levels.count / Self.area }

  /// The levels of one face, row by row.
  public subscript(index: Int) -> ArraySlice<UInt8> { levels[index * Self.area..<(index + 1) * Self.area] }

  mutating func reserveCapacity(_ count: Int) { levels.reserveCapacity(count * Self.area) }

  /// Adds the levels of one face.
  mutating func append(_ face: [UInt8]) {
    precondition(face.count == Self.area, "A small face has 256 levels")
    levels += face
  }

  /// The means of a gray picture over 16 x 16 parts of nearly equal size.
  static func face(of gray: Image) -> [UInt8] {
    func bounds(_ length: Int) -> [(begin: Int, end: Int)] {
      (0..<side).map { part in
        let begin = part * length / side
        return (begin, max(begin + 1, (part + 1) * length / side))
      }
    }
    let rows = bounds(gray.height)
    let columns = bounds(gray.width)
    return gray.pixels.withUnsafeBufferPointer { pixels in
      [UInt8](unsafeUninitializedCapacity: area) { face, count in
        for (y, row) in rows.enumerated() {
          for (x, column) in columns.enumerated() {
            var sum = 0
            for line in row.begin..<row.end {
              for place in column.begin..<column.end { sum &+= Int(pixels[line &* gray.width &+ place]) }
            }
            let size = (row.end - row.begin) * (column.end - column.begin)
            face[y * side + x] = UInt8((sum + size / 2) / size)
          }
        }
        count = area
      }
    }
  }
}
