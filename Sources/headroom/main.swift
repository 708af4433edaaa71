// SPDX-License-Identifier: Apache-2.0

import HeadroomCLI

HeadroomProgram.main()
