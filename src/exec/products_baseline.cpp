// Matrix products by Eigen for one instruction set, under a name of its own.
#define Eigen Eigen_baseline
#define WENGERT_MULTIPLY multiply_baseline
#include "products_body.hpp"
