import Imaging
import Randomness
import Testing

@Suite struct PictureSignatureTests {
  private func picture(_ seed: UInt64, height: Int = 24, width: Int = 20) -> Image {
    var generator = SeededGenerator(seed: seed, "PictureSignatureTests")
    let small = Image(height: 6, width: 5, pixels: (0..<30).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
    return small.resized(height: height, width: width, filter: .bicubic)
  }

  @Test func `Signatures are never further apart than the correlation allows`() {
    let basis = SignatureBasis(height: 24, width: 20)
    let pictures = (0..<30).map { picture($0) } + (0..<10).map { picture($0).brightened(by: 13).blurred(sigma: 0.7) }
    let signatures = pictures.map { basis.signature(of: $0).still }
    for a in pictures.indices {
      for b in pictures.indices {
        let limit = 2 - 2 * pictures[a].correlation(with: pictures[b])
        #expect(Double(signatures[a].squaredDistance(to: signatures[b])) <= limit + 1e-4)
      }
    }
  }

  @Test func `Brightness and contrast do not matter`() {
    let basis = SignatureBasis(height: 24, width: 20)
    let image = picture(3).contrasted(by: 0.5)
    let other = image.contrasted(by: 0.8).brightened(by: 20)
    #expect(basis.signature(of: image).still.squaredDistance(to: basis.signature(of: other).still) < 1e-3)
  }

  @Test func `The mirrored signature is that of the mirror image`() {
    for (height, width) in [(24, 20), (5, 9), (1, 4)] {
      let basis = SignatureBasis(height: height, width: width)
      let image = picture(5, height: height, width: width)
      let mirrored = basis.signature(of: image).mirrored
      let expected = basis.signature(of: image.flipped())
      #expect(mirrored.still.squaredDistance(to: expected.still) < 1e-8)
      #expect(mirrored.right.squaredDistance(to: expected.right) < 1e-8)
      #expect(mirrored.down.squaredDistance(to: expected.down) < 1e-8)
    }
  }

  @Test func `A picture of one level has a signature of zeros`() {
    let signature = SignatureBasis(height: 3, width: 3).signature(of: Image(height: 3, width: 3, filledWith: 9))
    #expect(signature == .zero)
  }

  @Test(arguments: [(0, 0), (1, 0), (0, -1), (2, 1), (-3, 2)])
  func `Signatures tell how a picture was moved`(x: Int, y: Int) throws {
    let basis = SignatureBasis(height: 48, width: 48)
    let image = picture(7, height: 48, width: 48)
    let moved = basis.signature(of: image.translated(x: x, y: y, border: .edge))
    let move = try #require(basis.signature(of: image).move(to: moved))
    #expect(abs(move.x - Float(x)) < 0.25 && abs(move.y - Float(y)) < 0.25, "\(move)")
    let apart = basis.signature(of: image).still.squaredDistance(to: moved.still)
    #expect(move.left <= apart && move.left < 0.02)
    #expect(basis.signature(of: image).move(to: moved, limit: move.left)?.left == move.left)
    #expect(basis.signature(of: image).move(to: moved, limit: move.left - 1e-6) == nil)
    let other = basis.signature(of: picture(8, height: 48, width: 48))
    #expect(basis.signature(of: image).move(to: other, limit: 0.2) == nil)
  }
}

@Suite struct AlignmentTests {
  private let face: Image = {
    var image = Image(height: 12, width: 10, filledWith: 0)
    for y in 0..<12 {
      for x in 0..<10 {
        let saddle: Int = (x - 4) * (x - 4) - (y - 5) * (y - 5)
        image[y, x] = UInt8(max(0, min(255, 128 + 3 * saddle)))
      }
    }
    return image
  }()

  @Test func `A moved picture is found where it lies`() {
    for (x, y) in [(0, 0), (2, 0), (-1, 2), (3, -3)] {
      let moved = face.translated(x: x, y: y, border: .edge)
      let alignment = face.alignment(with: moved, reach: 3)
      #expect(alignment.x == x && alignment.y == y)
      #expect(alignment.correlation > 0.999)
    }
  }

  @Test func `Unmoved, it is the correlation`() {
    let other = pattern(height: 12, width: 10)
    #expect(abs(face.alignment(with: other, reach: 0).correlation - face.correlation(with: other)) < 1e-12)
  }

  @Test(arguments: [(1, 1), (2, 1), (1, 2), (2, 2)])
  func `Small pictures have signatures and are aligned`(height: Int, width: Int) throws {
    let first = pattern(height: height, width: width)
    let basis = SignatureBasis(height: height, width: width)
    let move = try #require(basis.signature(of: first).move(to: basis.signature(of: first)))
    #expect(move.x == 0 && move.y == 0 && abs(move.left) < 1e-6)
    #expect(first.alignment(with: first.flipped(), reach: 3, startingAt: (3, -3)).correlation <= 1)
    #expect(first.alignment(with: first.flipped().flipped(), reach: 3, startingAt: (-3, 3)).x == 0)
  }

  @Test func `Pictures of many million pixels do not overflow`() {
    var white = Image(height: 4000, width: 3000, filledWith: 255)
    white[0, 0] = 0
    #expect(abs(white.correlation(with: white) - 1) < 1e-12)
    #expect(SignatureBasis(height: 4000, width: 3000).signature(of: white) != .zero)
  }

  @Test func `What is hopeless or good enough is not moved`() {
    let moved = face.translated(x: 2, y: 0, border: .edge)
    let still = face.alignment(with: moved, reach: 3, enough: 0)
    #expect(still.x == 0 && still.y == 0)
    #expect(face.alignment(with: moved, reach: 3, hopeless: 0.9999).x == 0)
    let known = face.alignment(with: moved, reach: 3, startingAt: (2, 0), hopeless: 0.9999)
    #expect(known.x == 2 && known.correlation > 0.999)
  }
}

@Suite struct TextureTests {
  @Test func `Bars and frames are counted in lines`() {
    var image = pattern(height: 10, width: 12)
    for y in 0..<2 { for x in 0..<12 { image[y, x] = 0 } }
    for y in 0..<10 { for x in 10..<12 { image[y, x] = y < 2 ? 0 : 2 } }
    let border = image.borderLines
    #expect(border.top == 2 && border.right == 2 && border.left == 0 && border.bottom == 0)
    let blank = Image(height: 3, width: 4, filledWith: 7).borderLines
    #expect(blank.top == 3 && blank.left == 4)
  }

  @Test func `Drawings are flat, noise is not`() {
    var drawing = Image(height: 20, width: 20, filledWith: 255)
    for x in 4..<16 { drawing[10, x] = 0 }
    #expect(drawing.flatShare > 0.85)
    #expect(pattern(height: 20, width: 20).flatShare == 0)
    #expect(Image(height: 2, width: 2, filledWith: 0).flatShare == 0)
  }
}
