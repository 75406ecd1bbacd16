#include "CJPEG.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

typedef struct {
  // First, so that libjpeg's pointer to its struct is a pointer to the writer too.
  struct jpeg_compress_struct compress;
  struct jpeg_error_mgr errors;
  jmp_buf escape;
  char *message;
} Writer;

static void on_error(j_common_ptr common) {
  Writer *writer = (Writer *)common;
  common->err->format_message(common, writer->message);
  longjmp(writer->escape, 1);
}

static void on_message(j_common_ptr common, int level) {
  (void)common;
  (void)level;
}

int cjpeg_encode(
    const uint8_t *pixels, int width, int height, int channels, int quality,
    uint8_t **bytes, unsigned long *count, char *message) {
  Writer writer = {0};
  struct jpeg_compress_struct *c = &writer.compress;
  writer.message = message;
  c->err = jpeg_std_error(&writer.errors);
  writer.errors.error_exit = on_error;
  writer.errors.emit_message = on_message;
  *bytes = NULL;
  *count = 0;
  if (setjmp(writer.escape)) {
    jpeg_destroy_compress(c);
    // libjpeg tells where its buffer lies at the end alone: what *bytes says before may be gone already. What is left over
    // when memory runs out is the lesser evil.
    *bytes = NULL;
    return 1;
  }
  jpeg_create_compress(c);
  jpeg_mem_dest(c, bytes, count);
  c->image_width = (JDIMENSION)width;
  c->image_height = (JDIMENSION)height;
  c->input_components = channels;
  c->in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(c);
  jpeg_set_quality(c, quality, TRUE);
  jpeg_start_compress(c, TRUE);
  size_t stride = (size_t)width * (size_t)channels;
  while (c->next_scanline < c->image_height) {
    JSAMPROW rows[1] = {(JSAMPROW)(pixels + stride * c->next_scanline)};
    jpeg_write_scanlines(c, rows, 1);
  }
  jpeg_finish_compress(c);
  jpeg_destroy_compress(c);
  return 0;
}

void cjpeg_free(uint8_t *bytes) { free(bytes); }
