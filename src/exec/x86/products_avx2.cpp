// Matrix products by Eigen for one instruction set, under a name of its own.
#define Eigen Eigen_avx2
#define WENGERT_MULTIPLY multiply_avx2
#include "../products_body.hpp"
