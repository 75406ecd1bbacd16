#include "CJPEG.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

struct CJPEGReader {
  // First, so that libjpeg's pointer to its struct is a pointer to the reader too.
  struct jpeg_decompress_struct decompress;
  struct jpeg_error_mgr errors;
  jmp_buf escape;
  CJPEGInfo info;
};

static void on_error(j_common_ptr common) {
  CJPEGReader *reader = (CJPEGReader *)common;
  // What breaks after the data ended early is a consequence: the warning that said so is the better message.
  if (!reader->info.truncated) common->err->format_message(common, reader->info.message);
  reader->info.failed = 1;
  longjmp(reader->escape, 1);
}

static void on_message(j_common_ptr common, int level) {
  if (level >= 0) return;  // Traces; only warnings are below zero.
  CJPEGReader *reader = (CJPEGReader *)common;
  switch (common->err->msg_code) {
    case JWRN_JPEG_EOF: reader->info.truncated = 1; break;
    case JWRN_HIT_MARKER: case JWRN_HUFF_BAD_CODE: case JWRN_ARITH_BAD_CODE: case JWRN_MUST_RESYNC:
      reader->info.corrupt = 1;
      break;
    default: break;
  }
  reader->info.warnings++;
  if (reader->info.warnings == 1 || common->err->msg_code == JWRN_JPEG_EOF) common->err->format_message(common, reader->info.message);
}

CJPEGReader *cjpeg_open(const uint8_t *bytes, size_t count) {
  CJPEGReader *reader = calloc(1, sizeof(CJPEGReader));
  if (!reader) return NULL;
  struct jpeg_decompress_struct *d = &reader->decompress;
  d->err = jpeg_std_error(&reader->errors);
  reader->errors.error_exit = on_error;
  reader->errors.emit_message = on_message;
  if (setjmp(reader->escape)) return reader;
  jpeg_create_decompress(d);
  jpeg_mem_src(d, bytes, (unsigned long)count);
  jpeg_read_header(d, TRUE);
  reader->info.width = (int)d->image_width;
  reader->info.height = (int)d->image_height;
  reader->info.cmyk = d->jpeg_color_space == JCS_CMYK || d->jpeg_color_space == JCS_YCCK;
  reader->info.channels = d->jpeg_color_space == JCS_GRAYSCALE ? 1 : 3;
  return reader;
}

CJPEGInfo cjpeg_info(const CJPEGReader *reader) { return reader->info; }

// Adobe's files hold 255 - ink, so that the product below is already the light that the inks let through.
static void write_rgb(const JSAMPLE *cmyk, uint8_t *rgb, JDIMENSION width, int inverted) {
  for (JDIMENSION x = 0; x < width; x++, cmyk += 4, rgb += 3) {
    int black = inverted ? cmyk[3] : 255 - cmyk[3];
    for (int c = 0; c < 3; c++) {
      int light = inverted ? cmyk[c] : 255 - cmyk[c];
      rgb[c] = (uint8_t)((light * black + 127) / 255);
    }
  }
}

int cjpeg_read(CJPEGReader *reader, uint8_t *pixels) {
  struct jpeg_decompress_struct *d = &reader->decompress;
  if (reader->info.failed) return 1;
  if (setjmp(reader->escape)) return 1;
  d->out_color_space = reader->info.cmyk ? JCS_CMYK : reader->info.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_start_decompress(d);
  size_t stride = (size_t)d->output_width * (size_t)reader->info.channels;
  JSAMPARRAY line = NULL;
  if (reader->info.cmyk) {
    line = d->mem->alloc_sarray((j_common_ptr)d, JPOOL_IMAGE, d->output_width * 4, 1);
  }
  while (d->output_scanline < d->output_height) {
    uint8_t *row = pixels + stride * d->output_scanline;
    if (line) {
      jpeg_read_scanlines(d, line, 1);
      write_rgb(line[0], row, d->output_width, d->saw_Adobe_marker);
    } else {
      JSAMPROW rows[1] = {row};
      jpeg_read_scanlines(d, rows, 1);
    }
  }
  jpeg_finish_decompress(d);
  return 0;
}

void cjpeg_close(CJPEGReader *reader) {
  if (!reader) return;
  // Does nothing but free memory, and is safe on a struct that is still all zero.
  jpeg_destroy_decompress(&reader->decompress);
  free(reader);
}
