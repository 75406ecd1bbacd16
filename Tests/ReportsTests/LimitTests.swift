import Imaging
import Testing

@testable import Reports

/// How the page is kept small.
@Suite struct LimitTests {
  @Test func `A page with as many faces as are shown at all stays below five megabytes`() throws {
    var content = TrialContent.full
    // Noise, which no codec makes smaller.
    var state: UInt32 = 1
    let pixels = (0..<128 * 128 * 3).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
    let photograph = Image(height: 128, width: 128, channels: 3, pixels: pixels)
    let face = ReportContent.Face(image: photograph, key: "k", label: "l")
    content.dataset?.examples = TrialContent.classes.map { .init(label: $0, faces: Array(repeating: face, count: 20)) }
    content.findings = (0..<12).map { .init(name: "c\($0)", samples: 99, examples: Array(repeating: face, count: 20)) }
    let page = try Page(content)
    #expect(page.html.utf8.count < 5_000_000)
    #expect(page.contains("pictures were left out to keep this file small."))
    #expect(page.contains("no-picture"))
  }

  @Test func `Faces beyond the limits are not shown`() throws {
    let limits = HTMLReport.Limits(facesPerCheck: 2, facesPerClass: 1, suggestions: 3)
    let page = try Page(TrialContent.full, limits: limits)
    let maps = TrialContent.explanations.flatMap(\.tables).flatMap(\.rows).flatMap { $0.pictures.compactMap(\.self) }
    #expect(page.attributes("src").count == 7 * 1 + 5 * 2 + 3 + maps.count)
    #expect(page.contains("2 of 3,369 shown"))
    #expect(page.contains("The 3 most confident of 1,969."))
    #expect(!page.contains("left out"))
  }

  @Test func `Large pictures are made smaller and keep their aspect`() {
    let large = FaceAlbum.reduced(Image(height: 300, width: 1200, channels: 3, filledWith: 90), longestSide: 128)
    #expect(large.width == 128 && large.height == 32)
    #expect(large.pixels.allSatisfy { $0 == 90 })
    let line = FaceAlbum.reduced(Image(height: 1, width: 9000, filledWith: 0), longestSide: 128)
    #expect(line.width == 128 && line.height == 1)
    let small = DrawnFace.image(expression: 3, variant: 1)
    #expect(FaceAlbum.reduced(small, longestSide: 128) == small)
  }

  @Test func `Small pictures are enlarged with visible pixels, photographs are not`() throws {
    var album = FaceAlbum(limits: .init())
    #expect(try album.picture(of: DrawnFace.face(0, 0)).isPixelated)
    let photograph = ReportContent.Face(image: Image(height: 400, width: 400, filledWith: 3), key: "k")
    #expect(!(try album.picture(of: photograph).isPixelated))
  }
}
