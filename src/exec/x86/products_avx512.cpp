// Matrix products by Eigen for one instruction set, under a name of its own.
#define Eigen Eigen_avx512
#define WENGERT_MULTIPLY multiply_avx512
#include "../products_body.hpp"
