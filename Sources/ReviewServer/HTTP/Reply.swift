import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Answers of the server.
enum Reply {
  /// A value as JSON, never kept by the browser.
  static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    return bytes(try encoder.encode(value), type: "application/json", status: status)
  }

  /// Bytes of a known type.
  ///
  /// - Parameter isImmutable: The address holds what the content depends on, so that the browser may keep it.
  static func bytes(
    _ bytes: some Sequence<UInt8>, type: String, status: HTTPResponse.Status = .ok, isImmutable: Bool = false,
    fileName: String? = nil
  ) -> Response {
    var headers: HTTPFields = [
      .contentType: type, .cacheControl: isImmutable ? "private, max-age=86400, immutable" : "no-store",
    ]
    if let fileName { headers[.contentDisposition] = "attachment; filename=\"\(fileName)\"" }
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  /// A refusal with its sentence.
  static func error(_ error: RequestError) -> Response {
    let status: HTTPResponse.Status =
      switch error {
      case .badRequest: .badRequest
      case .forbidden: .forbidden
      case .notFound: .notFound
      case .conflict: .conflict
      }
    return sentence(error.reason, status: status)
  }

  /// What the dataset or the system refused.
  static func failure(_ error: any Error) -> Response {
    let text = (error as? any LocalizedError)?.errorDescription ?? "\(error)"
    return sentence(text, status: .unprocessableContent)
  }

  private static func sentence(_ text: String, status: HTTPResponse.Status) -> Response {
    let data = (try? JSONEncoder().encode(["error": text])) ?? Data()
    return bytes(data, type: "application/json", status: status)
  }
}
