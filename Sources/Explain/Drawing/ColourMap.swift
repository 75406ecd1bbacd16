#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Colours for numbers, evenly spaced to the eye: equal steps of the number are equal steps in OKLab.
///
/// The colour space is Ottosson's OKLab (2020).
public enum ColourMap: Sendable {
  /// 0 ... 1, from a dark violet over red to a light yellow: lightness rises evenly, so that it reads in gray, too.
  case rising
  /// -1 ... 1, from blue over a light gray to red: both ends equally dark.
  case diverging

  /// The colour of a number; what lies outside the range gets the colour of its end.
  public func colour(_ value: Float) -> (red: UInt8, green: UInt8, blue: UInt8) {
    let share = self == .rising ? value : (value + 1) / 2
    let limited = max(0, min(1, share.isNaN ? 0 : share))
    let table = self == .rising ? Self.risingTable : Self.divergingTable
    return table[Int((limited * 510).rounded())]
  }

  // Far more pixels are drawn than there are colours that differ.
  private static let risingTable = table { ColourMap.rising.lab($0) }
  private static let divergingTable = table { ColourMap.diverging.lab(2 * $0 - 1) }

  private static func table(
    _ lab: (Float) -> (lightness: Float, a: Float, b: Float)
  ) -> [(red: UInt8, green: UInt8, blue: UInt8)] {
    (0...510).map {
      let (lightness, a, b) = lab(Float($0) / 510)
      return rgb(lightness, a, b)
    }
  }

  /// The colour in OKLab.
  func lab(_ value: Float) -> (lightness: Float, a: Float, b: Float) {
    switch self {
    case .rising:
      let t = max(0, min(1, value.isNaN ? 0 : value))
      let hue = (300 + 165 * t) * .pi / 180
      let chroma = 0.115 + 0.06 * sin(.pi * t)
      return (0.22 + 0.70 * t, chroma * cos(hue), chroma * sin(hue))
    case .diverging:
      let t = max(-1, min(1, value.isNaN ? 0 : value))
      let hue: Float = (t < 0 ? 255 : 27) * .pi / 180
      let chroma = 0.17 * abs(t)
      return (0.95 - 0.43 * abs(t), chroma * cos(hue), chroma * sin(hue))
    }
  }

  private static func rgb(_ lightness: Float, _ a: Float, _ b: Float) -> (red: UInt8, green: UInt8, blue: UInt8) {
    let l = cube(lightness + 0.396_337_78 * a + 0.215_803_76 * b)
    let m = cube(lightness - 0.105_561_346 * a - 0.063_854_17 * b)
    let s = cube(lightness - 0.089_484_18 * a - 1.291_485_5 * b)
    return (
      level(4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s),
      level(-1.268_438 * l + 2.609_757_4 * m - 0.341_319_38 * s),
      level(-0.004_196_086 * l - 0.703_418_6 * m + 1.707_614_7 * s)
    )
  }

  private static func cube(_ x: Float) -> Float { x * x * x }

  /// A linear light value as an 8-bit sRGB level.
  private static func level(_ x: Float) -> UInt8 {
    let limited = max(0, min(1, x))
    let encoded = limited <= 0.003_130_8 ? 12.92 * limited : 1.055 * pow(limited, 1 / 2.4) - 0.055
    return UInt8((encoded * 255).rounded())
  }
}
