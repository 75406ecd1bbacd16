#ifndef CPNG_SHIM_H
#define CPNG_SHIM_H

#include <png.h>

// The simplified API of libpng needs no setjmp in its caller. Its function-like macros do not reach Swift,
// so the ones that are needed get a name here.

/// Whether the last call on `image` failed; `image->message` then says why.
static inline int cpng_failed(const png_image *image) { return PNG_IMAGE_FAILED(*image) ? 1 : 0; }

/// Whether the last call on `image` went well but has something to say in `image->message`.
static inline int cpng_warned(const png_image *image) { return image->warning_or_error == PNG_IMAGE_WARNING ? 1 : 0; }

/// The message of the last call as a C string.
static inline const char *cpng_message(const png_image *image) { return image->message; }

/// The largest number of bytes that the PNG file of `image` can take.
static inline size_t cpng_largest_file_size(const png_image *image) { return PNG_IMAGE_PNG_SIZE_MAX(*image); }

#endif
