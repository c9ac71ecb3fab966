// Kernels for processors with AVX2.
#define WENGERT_VECTOR 4
#define WENGERT_ADD add_avx2
#ifdef WENGERT_HAS_LIBMVEC
#define WENGERT_LIBMVEC1(name) _ZGVdN4v_##name
#define WENGERT_LIBMVEC2(name) _ZGVdN4vv_##name
#endif
#include "../lanes_body.hpp"
