#ifndef CJPEG_H
#define CJPEG_H

#include <stddef.h>
#include <stdint.h>

// libjpeg reports errors by longjmp, which must not cross Swift frames. These functions catch it here and
// hand back a code and libjpeg's own words. They decide nothing about pictures.

#define CJPEG_MESSAGE_LENGTH 256

/// What is known about a picture after `cjpeg_open`, and again after `cjpeg_read`.
typedef struct {
  /// Size of the stored picture, before any EXIF orientation.
  int width, height;
  /// 1 (gray) or 3 (red, green, blue): what `cjpeg_read` writes for each pixel.
  int channels;
  /// Not zero for CMYK and YCCK files, which are converted to RGB.
  int cmyk;
  /// Not zero when libjpeg gave up; `message` says why.
  int failed;
  /// Not zero when the data ended before the picture did.
  int truncated;
  /// Not zero when some of the pixel data could not be decoded, so that libjpeg made it up.
  int corrupt;
  /// How often libjpeg warned.
  long warnings;
  /// The error, or else the first warning, or an empty string.
  char message[CJPEG_MESSAGE_LENGTH];
} CJPEGInfo;

/// A JPEG file that is being decoded. The bytes must stay where they are until `cjpeg_close`.
typedef struct CJPEGReader CJPEGReader;

/// Reads the header. Returns NULL only when there is no memory; look at `cjpeg_info` for everything else.
CJPEGReader *cjpeg_open(const uint8_t *bytes, size_t count);

/// What is known so far.
CJPEGInfo cjpeg_info(const CJPEGReader *reader);

/// Decodes into `pixels`, which has room for height x width x channels values. Returns 0 when libjpeg reached the end.
int cjpeg_read(CJPEGReader *reader, uint8_t *pixels);

/// Frees the reader.
void cjpeg_close(CJPEGReader *reader);

/// Encodes height x width x channels values. Returns 0 and sets `bytes` (free with `cjpeg_free`) and `count`,
/// or returns 1 and fills `message`.
int cjpeg_encode(
    const uint8_t *pixels, int width, int height, int channels, int quality,
    uint8_t **bytes, unsigned long *count, char *message);

/// Frees what `cjpeg_encode` returned.
void cjpeg_free(uint8_t *bytes);

#endif
