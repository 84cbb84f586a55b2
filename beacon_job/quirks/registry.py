APPLIED=("R01","R03","R10","R11","R12","R13","R15","R19","N01","N02","N03","N04","N05","N07","N11","N12","N15","N16","N17")
_B={q:1<<i for i,q in enumerate(APPLIED)}
def bit(q:str)->int: return _B[q]

def names_of(bits:int)->tuple[str,...]: return tuple(q for i,q in enumerate(APPLIED) if bits>>i&1)
