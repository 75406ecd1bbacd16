import Foundation
import Imaging

@testable import Reports

/// Draws simple gray faces, so that tests and trial pages need no photographs.
enum DrawnFace {
  /// A face of 48 x 48 pixels whose mouth and brows follow the position of its class; equal arguments, equal pictures.
  static func image(expression: Int, variant: Int, size: Int = 48) -> Image {
    var image = Image(height: size, width: size, filledWith: UInt8(40 + variant * 37 % 80))
    let unit = Double(size) / 48
    let tilt = Double(variant % 5 - 2) * 0.04
    for y in 0..<size {
      for x in 0..<size {
        let u = (Double(x) / unit - 23.5) + tilt * Double(y)
        let v = Double(y) / unit - 24
        let head = u * u / 324 + v * v / 484
        guard head < 1 else { continue }
        var level = 205 - 60 * head + Double((variant * 13 + x * 7 + y * 11) % 9)
        let eye = min(hypot(abs(u) - 7.5, v + 5), hypot(abs(u) - 8.5, v + 5))
        if eye < (expression == 5 ? 3.4 : 2.4) { level = 50 }
        let brow = v + 11 + Double(expression % 4 - 1) * (abs(u) - 7.5) * 0.25
        if abs(brow) < 1.2, abs(abs(u) - 7.5) < 4.5 { level = 70 }
        let curve = [0.04, -0.02, 0.0, -0.08, 0.07, 0.0, 0.0][expression % 7]
        let isOpen = expression == 5 || expression == 2
        if isOpen ? hypot(u, (v - 11) * 0.8) < 4 : abs(v - 11 - curve * u * u + curve * 16) < 1.4 && abs(u) < 8 {
          level = 60
        }
        image[y, x] = UInt8(min(255, max(0, level)))
      }
    }
    return image
  }

  /// The face with a caption, as a report shows it.
  static func face(
    _ expression: Int, _ variant: Int, label: String? = nil, detail: String? = nil, group: String? = nil
  ) -> ReportContent.Face {
    let row = String(variant * 7919 % 35_887 + 10_000_000).dropFirst()
    return ReportContent.Face(
      image: image(expression: expression, variant: variant), key: "row-\(row)", split: "train", label: label,
      detail: detail, group: group)
  }
}
