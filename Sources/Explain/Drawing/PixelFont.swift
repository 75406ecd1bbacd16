internal import Imaging

/// Letters of 5 x 7 pixels, enough to name the rows and columns of a sheet: no font has to be installed.
enum PixelFont {
  /// Rows of a letter.
  static let height = 7

  /// The columns that a line takes.
  static func width(_ text: String) -> Int { text.count * 6 }

  /// The seven rows of a letter, the leftmost pixel in the highest of five bits; capitals stand for small letters, a box for
  /// what there is no letter for.
  static func rows(of letter: Character) -> [UInt8] {
    glyphs[Character(letter.uppercased())] ?? [31, 17, 17, 17, 17, 17, 31]
  }

  private static let glyphs: [Character: [UInt8]] = [
    " ": [0, 0, 0, 0, 0, 0, 0],
    "A": [14, 17, 17, 31, 17, 17, 17], "B": [30, 17, 17, 30, 17, 17, 30], "C": [14, 17, 16, 16, 16, 17, 14],
    "D": [30, 17, 17, 17, 17, 17, 30], "E": [31, 16, 16, 30, 16, 16, 31], "F": [31, 16, 16, 30, 16, 16, 16],
    "G": [14, 17, 16, 23, 17, 17, 14], "H": [17, 17, 17, 31, 17, 17, 17], "I": [14, 4, 4, 4, 4, 4, 14],
    "J": [7, 2, 2, 2, 2, 18, 12], "K": [17, 18, 20, 24, 20, 18, 17], "L": [16, 16, 16, 16, 16, 16, 31],
    "M": [17, 27, 21, 21, 17, 17, 17], "N": [17, 25, 25, 21, 19, 19, 17], "O": [14, 17, 17, 17, 17, 17, 14],
    "P": [30, 17, 17, 30, 16, 16, 16], "Q": [14, 17, 17, 17, 21, 18, 13], "R": [30, 17, 17, 30, 20, 18, 17],
    "S": [15, 16, 16, 14, 1, 1, 30], "T": [31, 4, 4, 4, 4, 4, 4], "U": [17, 17, 17, 17, 17, 17, 14],
    "V": [17, 17, 17, 17, 10, 10, 4], "W": [17, 17, 17, 21, 21, 27, 17], "X": [17, 10, 10, 4, 10, 10, 17],
    "Y": [17, 17, 10, 4, 4, 4, 4], "Z": [31, 1, 2, 4, 8, 16, 31],
    "0": [14, 17, 19, 21, 25, 17, 14], "1": [4, 12, 4, 4, 4, 4, 14], "2": [14, 17, 1, 6, 8, 16, 31],
    "3": [30, 1, 1, 14, 1, 1, 30], "4": [2, 6, 10, 18, 31, 2, 2], "5": [31, 16, 30, 1, 1, 17, 14],
    "6": [14, 16, 16, 30, 17, 17, 14], "7": [31, 1, 2, 4, 4, 8, 8], "8": [14, 17, 17, 14, 17, 17, 14],
    "9": [14, 17, 17, 15, 1, 1, 14],
    "-": [0, 0, 0, 14, 0, 0, 0], "+": [0, 4, 4, 31, 4, 4, 0], ".": [0, 0, 0, 0, 0, 12, 12],
    ",": [0, 0, 0, 0, 12, 4, 8], ":": [0, 12, 12, 0, 12, 12, 0], "%": [25, 25, 2, 4, 8, 19, 19],
    "/": [1, 1, 2, 4, 8, 16, 16], "(": [2, 4, 8, 8, 8, 4, 2], ")": [8, 4, 2, 2, 2, 4, 8],
    "?": [14, 17, 1, 6, 4, 0, 4], "!": [4, 4, 4, 4, 4, 0, 4], "_": [0, 0, 0, 0, 0, 0, 31],
    "=": [0, 0, 31, 0, 31, 0, 0], ">": [8, 4, 2, 1, 2, 4, 8], "<": [2, 4, 8, 16, 8, 4, 2],
    "'": [4, 4, 8, 0, 0, 0, 0], "*": [0, 21, 14, 31, 14, 21, 0], "#": [10, 10, 31, 10, 31, 10, 10],
  ]
}

extension Image {
  /// Writes a line in dark gray on a colour picture; what has no room is cut off.
  mutating func write(_ text: String, top: Int, left: Int) {
    for (place, letter) in text.enumerated() {
      for (y, bits) in PixelFont.rows(of: letter).enumerated() {
        for x in 0..<5 where bits & (16 >> UInt8(x)) != 0 {
          let (row, column) = (top + y, left + 6 * place + x)
          guard row < height, column < width else { continue }
          for c in 0..<channels { self[row, column, c] = 40 }
        }
      }
    }
  }
}
