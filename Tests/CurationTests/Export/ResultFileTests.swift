import Foundation
import TestSupport
import Testing

@testable import Curation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct ResultFileTests {
  @Test("A result takes the place of a file whole, keeps its mode and follows its link")
  func replacing() throws {
    try withTemporaryDirectory { folder in
      let path = try folder.write("old", to: "a.csv")
      chmod(path, 0o640)
      let link = folder.path + "/link.csv"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
      try ResultFile(path).write("new")
      #expect(FileManager.default.contents(atPath: path) == Data("new".utf8))
      try ResultFile(link).write("newer")
      #expect(FileManager.default.contents(atPath: path) == Data("newer".utf8))
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
      #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o640)
      #expect(Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)) == ["a.csv", "link.csv"])
    }
  }

  @Test("What is read, a dataset, a folder and a file in no folder are refused before anything is written")
  func refusing() throws {
    try withTemporaryDirectory { folder in
      let read = try folder.write("weights", to: "m.safetensors")
      let dataset = folder.path + "/a.fercure"
      try DatasetStore.create(at: dataset).close()
      let before = FileManager.default.contents(atPath: dataset)
      let refused = [
        (read, "it is read or written here already; name another file"),
        (folder.path + "/./m.safetensors", "it is read or written here already; name another file"),
        (dataset, "it is a dataset; name another file"), (folder.path, "it is a folder; name a file"),
        (folder.path + "/nowhere/a.csv", "there is no folder \(FileIdentity.resolved(folder.path))/nowhere"),
        ("", "a file without a name"),
      ]
      for (path, reason) in refused {
        #expect(throws: CurationError.cannotWrite(path: path, reason: reason)) {
          try ResultFile(path, besides: [read])
        }
      }
      #expect(FileManager.default.contents(atPath: dataset) == before)
      #expect(throws: CurationError.cannotWrite(path: read, reason: "it is a file; name a folder")) {
        try ResultFile.makeFolder(read)
      }
    }
  }

  @Test("A device or a pipe is written to, not replaced")
  func devices() throws {
    try withTemporaryDirectory { folder in
      let pipe = folder.path + "/pipe"
      #expect(mkfifo(pipe, 0o600) == 0)
      let file = try ResultFile(pipe)
      let reader = open(pipe, O_RDONLY | O_NONBLOCK)
      defer { close(reader) }
      try file.write("through")
      var bytes = [UInt8](repeating: 0, count: 16)
      #expect(read(reader, &bytes, 16) == 7)
      var status = stat()
      #expect(stat(pipe, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    }
  }

  @Test("What cannot be written leaves nothing")
  func failing() throws {
    try withTemporaryDirectory { folder in
      let file = try ResultFile(folder.path + "/a.csv")
      try FileManager.default.createDirectory(atPath: file.path, withIntermediateDirectories: true)
      #expect(throws: CurationError.self) { try file.write("text") }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.csv"])
    }
  }
}
