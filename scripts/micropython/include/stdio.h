#pragma once
#include <stddef.h>
#include <stdarg.h>
