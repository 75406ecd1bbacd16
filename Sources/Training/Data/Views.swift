internal import Imaging

/// How often, and in which parts, a picture is looked at when it is predicted; the mean of the looks counts.
public enum Views: String, Sendable, Codable, CaseIterable {
  /// The picture as it is.
  case one
  /// The picture and its mirror image.
  case flip
  /// The four corners and the centre at nine tenths of the height and width, and their mirror images.
  case tenCrop = "ten-crop"

  /// The looks, in order.
  var all: [View] {
    switch self {
    case .one: return [.whole]
    case .flip: return [.whole, View(isFlipped: true)]
    case .tenCrop:
      let crops: [View.Crop] = [(0, 0), (0, 2), (2, 0), (2, 2), (1, 1)].map { View.Crop(row: $0, column: $1) }
      return crops.flatMap { [View(isFlipped: false, crop: $0), View(isFlipped: true, crop: $0)] }
    }
  }
}

/// One look at a picture.
struct View: Sendable, Equatable {
  /// A part of nine tenths: at the start (0), in the middle (1) or at the end (2) of the rows and columns.
  struct Crop: Sendable, Equatable {
    var row: Int
    var column: Int
  }

  var isFlipped = false
  var crop: Crop?

  /// The picture as it is.
  static let whole = View()

  /// What is seen.
  func applied(to picture: Image) -> Image {
    var image = picture
    if let crop {
      let (height, width) = (max(1, image.height * 9 / 10), max(1, image.width * 9 / 10))
      image = image.cropped(
        top: (image.height - height) * crop.row / 2, left: (image.width - width) * crop.column / 2, height: height,
        width: width)
    }
    return isFlipped ? image.flipped() : image
  }
}
