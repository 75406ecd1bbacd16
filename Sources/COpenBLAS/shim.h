#ifndef COPENBLAS_SHIM_H
#define COPENBLAS_SHIM_H

// OpenBLAS contains LAPACK, but Debian's package has no header for it. Fortran: arguments by address, matrices by
// columns, and the length of a character argument last.

/// Adds alpha A A^T (or alpha A^T A) to beta C, of which one triangle is touched.
void dsyrk_(const char *uplo, const char *trans, const int *n, const int *k, const double *alpha, const double *a,
            const int *lda, const double *beta, double *c, const int *ldc, unsigned long, unsigned long);

/// Sets C to alpha op(A) op(B) + beta C.
void sgemm_(const char *transA, const char *transB, const int *m, const int *n, const int *k, const float *alpha,
            const float *a, const int *lda, const float *b, const int *ldb, const float *beta, float *c, const int *ldc,
            unsigned long, unsigned long);

/// Solves A X = B for a symmetric positive definite A by its Cholesky factor.
void dposv_(const char *uplo, const int *n, const int *nrhs, double *a, const int *lda, double *b, const int *ldb,
            int *info, unsigned long);

#endif
