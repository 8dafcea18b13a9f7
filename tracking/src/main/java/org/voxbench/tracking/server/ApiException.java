package org.voxbench.tracking.server;

/** An answer other than 2xx: MLflow's error code and one sentence for the caller. */
final class ApiException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** MLflow's error codes and the HTTP status that each travels with. */
  enum Code {
    INVALID_PARAMETER_VALUE(400),
    RESOURCE_ALREADY_EXISTS(400),
    RESOURCE_DOES_NOT_EXIST(404),
    ENDPOINT_NOT_FOUND(404),
    INTERNAL_ERROR(500);

    final int status;

    Code(int status) {
      this.status = status;
    }
  }

  final Code code;

  private ApiException(Code code, String message) {
    super(message);
    this.code = code;
  }

  static ApiException invalid(String message) {
    return new ApiException(Code.INVALID_PARAMETER_VALUE, message);
  }

  static ApiException missing(String message) {
    return new ApiException(Code.RESOURCE_DOES_NOT_EXIST, message);
  }

  static ApiException exists(String message) {
    return new ApiException(Code.RESOURCE_ALREADY_EXISTS, message);
  }

  static ApiException noEndpoint(String message) {
    return new ApiException(Code.ENDPOINT_NOT_FOUND, message);
  }
}
