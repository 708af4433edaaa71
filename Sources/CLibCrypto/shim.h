// OpenSSL 3 advises against these functions in favour of EVP, which does the same with a look-up
// and an allocation a hash; why they are used is in docs/decisions/0006-hashing.md.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
