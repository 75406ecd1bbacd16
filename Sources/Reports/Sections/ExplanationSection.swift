/// Faces and the maps of what counted for the networks' answers.
struct ExplanationSection: ReportSection {
  /// The tables of one model.
  struct Model {
    let name: String
    let tables: [MapTable]
  }

  /// One table, drawn.
  struct MapTable {
    let caption: String
    let columns: [String]
    let rows: [Row]
  }

  /// One row, drawn.
  struct Row {
    let label: String
    let details: [String]
    let cells: [Cell]
  }

  /// A place for a picture.
  struct Cell {
    let picture: FaceAlbum.Picture?
  }

  let id = "explanation"
  let heading = "Where the networks look"
  let lead: String
  let models: [Model]

  init?(_ content: ReportContent, album: inout FaceAlbum) throws {
    let explained = content.explanations.filter { $0.tables.contains { !$0.rows.isEmpty } }
    guard !explained.isEmpty else { return nil }
    models = try explained.map { explanation in
      Model(
        name: explanation.model,
        tables: try explanation.tables.filter { !$0.rows.isEmpty }.map { table in
          MapTable(
            caption: table.caption, columns: table.columns,
            rows: try table.rows.map { row in
              Row(
                label: row.label, details: row.details,
                cells: try row.pictures.map { Cell(picture: try $0.map { try album.picture(of: $0) }) })
            })
        })
    }
    lead =
      "Red speaks for what was asked and blue against it; in maps without a sign, what is bright counts. A map shows what counted "
      + "for an answer, not that the answer is right."
  }
}
