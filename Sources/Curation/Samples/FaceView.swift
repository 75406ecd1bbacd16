import Randomness

/// How a face is looked at: pose, light and camera.
struct FaceView {
  /// Turn to the side and nod, in radians.
  var yaw: Double
  var pitch: Double
  /// Rotation in the plane of the picture, in radians.
  var roll: Double
  /// Pixels per unit of length: half the height of the head.
  var scale: Double
  /// Where the middle of the head is, in pixels from the middle of the picture.
  var offset: SIMD2<Double>
  /// Where the light comes from: to the right, downwards, towards the camera.
  var light: SIMD3<Double>
  /// Light that comes from everywhere, 0 to 1.
  var ambient: Double
  /// Brightness and contrast of the exposure.
  var gain: Double
  var lift: Double
  /// Standard deviation of the blur, in pixels.
  var blur: Double
  /// Standard deviation of the sensor's noise, in gray levels.
  var noise: Double
  /// Gray values of the background at top and bottom, and of the clothes.
  var background: SIMD2<Double>
  var clothes: Double

  init(using generator: inout some RandomNumberGenerator) {
    yaw = max(-0.5, min(0.5, generator.normal() * 0.17))
    pitch = max(-0.28, min(0.28, generator.normal() * 0.09))
    roll = max(-0.35, min(0.35, generator.normal() * 0.1))
    scale = generator.uniform(in: 20.5...25.5)
    offset = [generator.normal() * 1.1, 0.8 + generator.normal() * 1.1]
    let side = generator.uniform(in: -0.85...0.85)
    let height = generator.uniform(in: -0.7...0.15)
    let front = 0.75
    let length = (side * side + height * height + front * front).squareRoot()
    light = SIMD3(side, height, front) / length
    ambient = generator.uniform(in: 0.35...0.75)
    gain = generator.uniform(in: 0.85...1.4)
    lift = generator.uniform(in: -0.05...0.1)
    blur = generator.chance(0.3) ? generator.uniform(in: 0.5...1.05) : generator.uniform(in: 0.2...0.5)
    noise = generator.chance(0.2) ? generator.uniform(in: 2.5...5) : generator.uniform(in: 0.5...2)
    background = [generator.uniform(in: 0.05...0.95), generator.uniform(in: 0.05...0.95)]
    clothes = generator.uniform(in: 0.05...0.9)
  }
}
