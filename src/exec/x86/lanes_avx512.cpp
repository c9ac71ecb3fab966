// Kernels for processors with AVX-512 (F, DQ, VL).
#define WENGERT_VECTOR 8
#define WENGERT_ADD add_avx512
#ifdef WENGERT_HAS_LIBMVEC
#define WENGERT_LIBMVEC1(name) _ZGVeN8v_##name
#define WENGERT_LIBMVEC2(name) _ZGVeN8vv_##name
#endif
#include "../lanes_body.hpp"
