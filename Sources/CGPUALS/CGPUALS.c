#include "gpuals.h"
