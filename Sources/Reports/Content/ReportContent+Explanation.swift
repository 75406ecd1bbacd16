extension ReportContent {
  /// Where one network looks.
  public struct Explanation: Codable, Sendable, Hashable {
    /// The name of the model.
    public var model: String
    /// Single faces and means of classes, each with its maps.
    public var tables: [MapTable]

    /// Creates the explanation of a model.
    public init(model: String, tables: [MapTable]) {
      self.model = model
      self.tables = tables
    }
  }

  /// Pictures in rows and columns, such as faces and the maps over them.
  public struct MapTable: Codable, Sendable, Hashable {
    /// What it shows.
    public var caption: String
    /// The heading of each column of pictures.
    public var columns: [String]
    /// The rows.
    public var rows: [Row]

    /// Creates a table.
    public init(caption: String, columns: [String], rows: [Row]) {
      self.caption = caption
      self.columns = columns
      self.rows = rows
    }

    /// A row: what it is about, and a picture a column; nil where there is none.
    public struct Row: Codable, Sendable, Hashable {
      /// The class.
      public var label: String
      /// More about it, a line each.
      public var details: [String]
      /// A picture a column.
      public var pictures: [Face?]

      /// Creates a row.
      public init(label: String, details: [String], pictures: [Face?]) {
        self.label = label
        self.details = details
        self.pictures = pictures
      }
    }
  }
}
