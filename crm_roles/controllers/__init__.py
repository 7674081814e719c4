from . import role_matrix
