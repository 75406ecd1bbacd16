extension FacePainter {
  /// Paints nostrils, wings and tip of the nose, and the wrinkles across its bridge.
  mutating func paintNose() {
    let wrinkle = Float(actions.noseWrinkle)
    let tip = Float(identity.noseLength - 0.05 * actions.noseWrinkle - 0.015 * actions.upperLipRaise)
    let width = Float(identity.noseWidth) * (1 + 0.25 * wrinkle)
    let shadow: Float = view.light.y < -0.2 ? 0.3 : 0.15
    canvas.darken(.ellipse(at: [0, tip + 0.07], radii: [width, 0.05]), by: shadow, softness: 0.1)
    for side: Float in [-1, 1] {
      let nostril = Shape.ellipse(at: [side * width * 0.5, tip + 0.02], radii: [width * 0.3, 0.022])
      canvas.darken(nostril, by: 0.65, softness: 0.025)
      let wing = Shape.stroke(
        from: [side * width * 0.95, tip - 0.06], over: [side * width * 1.12, tip - 0.01],
        to: [side * width * 0.9, tip + 0.035], thickness: 0.012)
      canvas.darken(wing, by: 0.3, softness: 0.03)
    }
    let bridge = Float(identity.eyeLevel)
    for line in 0..<3 {
      let y = bridge + 0.02 + 0.075 * Float(line)
      let across = Shape.stroke(from: [-0.1, y + 0.02], over: [0, y - 0.01], to: [0.1, y + 0.02], thickness: 0.014)
      canvas.darken(across, by: 0.5 * wrinkle, softness: 0.02)
    }
    for side: Float in [-1, 1] {
      let along = Shape.stroke(
        from: [side * 0.1, bridge + 0.06], over: [side * 0.13, bridge + 0.16],
        to: [side * width * 1.15, tip - 0.05], thickness: 0.016)
      canvas.darken(along, by: 0.45 * wrinkle, softness: 0.03)
    }
  }

  /// Paints the lines that moving muscles leave on forehead, between the brows, on cheeks and chin.
  mutating func paintFolds() {
    let depth = Float(identity.wrinkles)
    let level = Float(identity.eyeLevel - identity.browHeight)
    let tip = Float(identity.noseLength)
    let mouth = Float(identity.mouthLevel)
    let corner = Float(identity.mouthWidth) * 1.3
    let smile = Float(max(actions.lipCornerPull, 0.8 * actions.upperLipRaise, 0.7 * actions.noseWrinkle))
    for side: Float in [-1, 1] {
      let frown = Shape.stroke(
        from: [side * 0.05, level - 0.03], over: [side * 0.045, level + 0.05], to: [side * 0.06, level + 0.13],
        thickness: 0.014)
      canvas.darken(frown, by: 0.55 * Float(actions.browLower) * depth, softness: 0.02)
      let cheek = Shape.stroke(
        from: [side * 0.17, tip - 0.03], over: [side * (corner * 0.75 + 0.04), (tip + mouth) / 2 - 0.03],
        to: [side * corner, mouth], thickness: 0.014)
      canvas.darken(cheek, by: (0.08 + 0.42 * smile) * depth, softness: 0.04)
    }
    let raised = Float(0.5 * (actions.innerBrowRaise + actions.outerBrowRaise))
    for line in 0..<2 {
      let y = level - 0.22 - 0.09 * Float(line)
      let across = Shape.stroke(from: [-0.3, y + 0.02], over: [0, y - 0.01], to: [0.3, y + 0.02], thickness: 0.012)
      canvas.darken(across, by: 0.3 * raised * depth, softness: 0.03)
    }
    let pout = Shape.stroke(
      from: [-0.14, mouth + 0.24], over: [0, mouth + 0.2], to: [0.14, mouth + 0.24], thickness: 0.02)
    canvas.darken(pout, by: 0.3 * Float(actions.chinRaise), softness: 0.05)
  }
}
