import Imaging
import TestSupport
import Testing

struct HeadTurnTests {
  private static let face = TestImages.noise(seed: 3)

  @Test func `A head that has not turned looks as it did`() {
    #expect(Self.face.turned(HeadTurn(yaw: 0, pitch: 0)) == Self.face)
  }

  @Test func `What has one level keeps it, whatever its size`() {
    for (height, width) in [(1, 1), (1, 7), (9, 2), (48, 48)] {
      let plain = Image(height: height, width: width, filledWith: 77)
      #expect(plain.turned(HeadTurn(yaw: 0.7, pitch: -0.4)) == plain)
    }
  }

  @Test func `Turning left is the mirror image of turning the mirror image right`() {
    let left = Self.face.flipped().turned(HeadTurn(yaw: -0.5, pitch: 0.2), lean: -0.3)
    let right = Self.face.turned(HeadTurn(yaw: 0.5, pitch: 0.2), lean: 0.3).flipped()
    let differences = zip(left.pixels, right.pixels).map { abs(Int($0) - Int($1)) }
    #expect((differences.max() ?? 255) <= 1, "rounding of places may differ by a level")
  }

  @Test func `Leaning is a rotation in the plane of the picture`() {
    let leaning = Self.face.turned(HeadTurn(yaw: 0, pitch: 0), lean: .pi / 9)
    let rotated = Self.face.rotated(degrees: 20)
    let differences = zip(leaning.pixels, rotated.pixels).map { abs(Int($0) - Int($1)) }
    #expect((differences.max() ?? 255) <= 1)
  }

  @Test func `The nose moves with the turn by the sine of the angle`() {
    // The middle of an ellipsoid stands out by 1: seen there afterwards is what was at -sin(yaw).
    let turn = HeadTurn(yaw: 0.5, pitch: 0)
    let before = turn.before(x: 0, y: 0, depth: HeadTurn.depth(x: 0, y: 0))
    #expect(abs(before.x + 0.4794255) < 1e-6 && before.y == 0)
    let nod = HeadTurn(yaw: 0, pitch: 0.5).before(x: 0, y: 0, depth: 1)
    #expect(nod.x == 0 && abs(nod.y + 0.4794255) < 1e-6)
    #expect(HeadTurn.depth(x: 1, y: 0.5) == 0, "beside the head nothing stands out")
  }
}
