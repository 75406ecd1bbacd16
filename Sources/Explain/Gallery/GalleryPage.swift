internal import Curation
internal import Foundation
internal import Imaging

/// The gallery as one HTML file that needs nothing else: pictures are part of it.
struct GalleryPage {
  private let gallery: Gallery

  init(_ gallery: Gallery) { self.gallery = gallery }

  /// The page.
  var html: String {
    get throws {
      let parts = try [faces(), means(), channels(), activations(), faithfulness(), randomisation()]
      return """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Why \(HTMLText.escaped(gallery.model)) answers as it does</title>
        <style>\(Self.style)</style></head>
        <body><main>
        <h1>Why <code>\(HTMLText.escaped(gallery.model))</code> answers as it does</h1>
        <p>Faces of <code>\(HTMLText.escaped(gallery.dataset))</code>. A map shows which pixels made the network answer as it did, by
        one method's definition; methods differ, so look at several, and at how faithful each is.
        \(gallery.layer.map { "Class activation methods weigh the maps of <code>\(HTMLText.escaped($0))</code>." } ?? "")</p>
        \(try legend())
        \(parts.joined(separator: "\n"))
        </main></body></html>

        """
    }
  }

  // MARK: Sections

  private func faces() throws -> String {
    var text = ""
    for label in gallery.classes {
      let faces = gallery.faces.filter { $0.label == label }
      if faces.isEmpty { continue }
      text +=
        "<h2>\(HTMLText.escaped(label))</h2>\n<div class=\"wide\"><table class=\"faces\"><thead><tr><th></th><th>face</th>"
      text += gallery.methods.map { "<th title=\"\(HTMLText.escaped($0.summary))\">\(HTMLText.escaped($0.name))</th>" }
        .joined()
      text += "</tr></thead><tbody>\n"
      for face in faces {
        text +=
          "<tr><th scope=\"row\"><b>\(HTMLText.escaped(face.reason))</b><br>labelled \(HTMLText.escaped(face.label))<br>"
        text +=
          "seen as \(HTMLText.escaped(face.predicted)), \(face.surety)<br>\(HTMLText.escaped(face.question))"
        text += "<br><small>\(HTMLText.escaped(face.key))</small></th>"
        text += "<td>\(try image(face.picture, "face", pixels: true))</td>"
        for (method, explanation) in zip(gallery.methods, face.explanations) {
          let overlay = explanation.map.overlay(on: face.picture, magnification: face.magnification)
          text += "<td>\(try image(overlay, "\(method.name) of \(face.key)"))"
          if let r2 = explanation.measures["R2"] { text += "<br><small>R² \(decimal(r2))</small>" }
          text += "</td>"
        }
        text += "</tr>\n"
      }
      text += "</tbody></table></div>\n"
    }
    return text
  }

  private func means() throws -> String {
    guard let sheet = gallery.meanSheet()?.image else { return "" }
    var text = """
      <h2>Where does the network look?</h2>
      <p>The mean map of each class over its faces, each scaled to the same size, over the mean face. Density is the share of
      the map in a region over the region's share of the picture: above 1 the network looks there more than elsewhere.</p>
      <p>\(try image(sheet, "mean maps"))</p>

      """
    for method in gallery.meanMethods {
      let means = gallery.meanMaps.filter { $0.method == method }
      let regions = means.first?.shares.map(\.region) ?? []
      text += table(
        "Density by region, \(method)", ["class", "faces"] + regions,
        means.map { mean in [mean.label, "\(mean.count)"] + mean.shares.map { decimal($0.density) } })
    }
    return text
  }

  private func channels() throws -> String {
    let sheets = gallery.summitSheets()
    if sheets.isEmpty { return "" }
    var text = """
      <h2>What do channels and classes answer to?</h2>
      <p>Pictures found by climbing the mean of a channel's map, or a class's logit, from noise (gradient ascent).</p>

      """
    for (name, sheet) in sheets {
      if let picture = sheet.image { text += "<p>\(try image(picture, name))</p>\n" }
    }
    return text
  }

  private func activations() throws -> String {
    let faces = gallery.faces.filter { $0.activations != nil }
    if faces.isEmpty { return "" }
    var text = """
      <h2>From the input to the last map</h2>
      <p>What every block makes of a face: the mean of its maps, and the channels that answer most strongly.</p>

      """
    for face in faces {
      guard let picture = face.activations?.sheet(side: 64).image else { continue }
      text += "<details><summary>\(HTMLText.escaped(face.label)), \(HTMLText.escaped(face.key))</summary>"
      text += "<p>\(try image(face.picture, "face", pixels: true))</p>"
      text += "<p>\(try image(picture, "activations of \(face.key)"))</p></details>\n"
    }
    return text
  }

  private func faithfulness() -> String {
    if gallery.faithfulness.isEmpty { return "" }
    return "<h2>Which map to believe?</h2>\n"
      + "<p>Means over \(gallery.faithfulnessCount) faces. Deletion: the probability that is left when the pixels that count "
      + "most are taken away first; low is good. Insertion: when they are given back first; high is good. ROAD: half the "
      + "difference between taking away the least and the most relevant, filled so that the network cannot tell; high is good, "
      + "0 is chance. <i>chance</i> and <i>centre</i> are maps that know nothing of the network.</p>\n"
      + table(
        "Faithfulness", ["method", "deletion", "insertion", "ROAD"],
        gallery.faithfulness.map {
          [$0.method, decimal($0.scores.deletion, 3), decimal($0.scores.insertion, 3), decimal($0.scores.road, 3)]
        })
  }

  private func randomisation() -> String {
    if gallery.randomisation.isEmpty { return "" }
    return "<h2>Do the maps show what was learned?</h2>\n"
      + "<p>Rank correlation with the trained network's maps when its parts lose what they learned, one after the other from "
      + "the head down. A method whose maps stay as they were shows the picture, not the network.</p>\n"
      + table(
        "After randomising up to", ["method"] + gallery.randomised,
        gallery.randomisation.map { [$0.method] + $0.correlations.map { decimal($0) } })
  }

  private func legend() throws -> String {
    func bar(_ colours: ColourMap, _ range: ClosedRange<Float>) throws -> String {
      var image = Image(height: 1, width: 128, channels: 3, filledWith: 0)
      for x in 0..<128 {
        image.paint(
          colours.colour(range.lowerBound + (range.upperBound - range.lowerBound) * Float(x) / 127), at: x, opacity: 1)
      }
      return "<img class=\"bar\" alt=\"\" src=\"\(try source(image))\">"
    }
    return "<p class=\"legend\"><span>counts little \(try bar(.rising, 0...1)) much</span> "
      + "<span>speaks against \(try bar(.diverging, -1...1)) for</span></p>"
  }

  // MARK: Pieces

  private func table(_ caption: String, _ header: [String], _ rows: [[String]]) -> String {
    func cells(_ row: [String], _ tag: String) -> String {
      row.enumerated().map { index, cell in
        index == 0 ? "<th scope=\"row\">\(HTMLText.escaped(cell))</th>" : "<\(tag)>\(HTMLText.escaped(cell))</\(tag)>"
      }.joined()
    }
    return
      "<div class=\"wide\"><table><caption>\(HTMLText.escaped(caption))</caption><thead><tr>\(cells(header, "th"))</tr></thead>"
      + "<tbody>\(rows.map { "<tr>\(cells($0, "td"))</tr>" }.joined(separator: "\n"))</tbody></table></div>\n"
  }

  private func image(_ image: Image, _ words: String, pixels: Bool = false) throws -> String {
    let size = pixels ? " class=\"face\"" : ""
    return "<img\(size) alt=\"\(HTMLText.escaped(words))\" src=\"\(try source(image))\">"
  }

  private func source(_ image: Image) throws -> String {
    "data:image/png;base64," + Data(try PNGCodec.encode(image)).base64EncodedString()
  }

  private func decimal(_ value: Double, _ places: Int = 2) -> String { String(format: "%.\(places)f", value) }

  private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

  private static let style = """
    :root { color-scheme: light dark; --text: #1c1c22; --back: #fff; --line: #d9d9e0; --soft: #60606c }
    @media (prefers-color-scheme: dark) { :root { --text: #e8e8ee; --back: #17171b; --line: #3a3a44; --soft: #a0a0ac } }
    body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif }
    main { max-width: 1180px; margin: auto; padding: 24px }
    h1 { font-size: 26px } h2 { font-size: 20px; margin-top: 40px }
    p { max-width: 75ch } p:has(img) { max-width: none }
    .wide { overflow-x: auto }
    table { border-collapse: collapse; margin: 12px 0 } caption { text-align: left; color: var(--soft); padding: 4px 0 }
    th, td { padding: 4px 8px; border-bottom: 1px solid var(--line); text-align: right; font-weight: 400 }
    th:first-child { text-align: left } thead th { color: var(--soft) }
    .faces th, .faces td { text-align: center; vertical-align: top; padding: 4px } .faces th:first-child { text-align: left; min-width: 11em }
    small, figcaption { color: var(--soft) }
    img { max-width: 100%; height: auto; vertical-align: top } .faces td img { width: 96px; max-width: none }
    img.face { width: 96px } .legend span { margin-right: 2em; white-space: nowrap }
    img.bar { width: 128px; height: 12px; vertical-align: middle; border-radius: 2px }
    summary { cursor: pointer; padding: 4px 0 }
    """
}
