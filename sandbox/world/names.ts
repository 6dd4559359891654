/** Invented people: names as they stand in a British school's MIS, odd ones included. Nobody here is real. */

const words = (text: string): readonly string[] => text.trim().split(/\s*,\s*/)

export const girls = words(`
  Aaliyah, Abigail, Ada, Aisha, Alice, Amara, Amelia, Anaïs, Anna, Aoife, Ava, Beatrix, Bethan, Bronwen, Caitlín,
  Charlotte, Chloé, Clara, Daisy, Darcey, Edie, Efua, Eilidh, Eleanor, Eliza, Ella, Elsie, Emily, Erin, Esmé, Eva,
  Evie, Fatima, Florence, Freya, Freyja, Grace, Hafsa, Halima, Hannah, Harriet, Hollie, Imogen, Iris, Isabella, Isla,
  Ivy, Jasmine, Jessica, Julia, Kaya, Keira, Khadija, Lena, Lily, Lola, Lucy, Maisie, Malika, Maria, Maryam, Matilda,
  Maya, Megan, Mia, Millie, Molly, Naomi, Nia, Niamh, Noor, Olivia, Orla, Penny, Phoebe, Poppy, Priya, Renée, Rosie,
  Ruby, Safiya, Saoirse, Scarlett, Sienna, Siân, Siobhán, Sofia, Sophie, Sumaiya, Tabitha, Thea, Tilly, Violet,
  Willow, Wren, Yasmin, Zainab, Zara, Zofia, Zoë`)

export const boys = words(`
  Aaron, Adam, Alfie, Aled, Alexander, Amir, Archie, Arjun, Arlo, Arman, Arthur, Ayaan, Benjamin, Blake, Bobby,
  Callum, Charlie, Chidi, Connor, Daniel, David, Dylan, Edward, Elijah, Elliot, Emmanuel, Ethan, Ezra, Faisal, Felix,
  Finlay, Finn, Frank, Frederick, Gabriel, George, Gethin, Harley, Harrison, Harry, Harvey, Hassan, Henry, Hugo,
  Ibrahim, Idris, Isaac, Ismail, Jack, Jackson, Jacob, Jakub, James, Jaxon, Joseph, Joshua, José, Jude, Kai, Kofi,
  Kwame, Leo, Levi, Liam, Logan, Louie, Luca, Lucas, Luke, Łukasz, Mateo, Matthew, Max, Michael, Mohammed, Muhammad,
  Nathan, Noah, Oliver, Oscar, Otis, Patrick, Rafael, Reuben, Rhodri, Rhys, Riley, Roman, Rory, Ryan, Samuel,
  Sebastian, Seán, Stanley, Tariq, Teddy, Theo, Thomas, Toby, Tomás, Vihaan, William, Yusuf, Zachary`)

export const surnames = words(`
  Abara, Abbott, Abdi, Adeyemi, Ahmed, Akhtar, Ali, Allen, Anderson, Appiah, Ashby-Thorne, Asante, Atkinson, Bailey,
  Baker, Balogun, Barnes, Begum, Bell, Bennett, Bhatt, Bianchi, Bird, Boateng, Booth, Brook, Brown, Butler, Campbell,
  Carter, Chan, Chaudhry, Chen, Chowdhury, Clark, Clarke, Collins, Cook, Cooper, Cox, Cruz, Danso, Das, Davies,
  Davis, Dawson, de la Cruz, de Souza, Dixon, Dlamini, Doyle, D'Souza, D’Arcy-Nwosu, Edwards, Ellis, Evans,
  Evans-Iqbal, Eze, Farah, Faulk, Fernandes, Fisher, Fletcher, Foster, Fox, García, Gibson, Gill, González, Gordon,
  Graham, Grant, Gray, Green, Griffiths, Gunnarsdóttir, Hall, Harper, Harris, Hassan, Hill, Holmes, Hosseini, Hughes,
  Hunt, Hussain, Ibrahim, Ivanova, Jackson, James, Jansen, Jenkins, Johnson, Jones, Kaur, Kelly, Khan, King,
  Kovačić, Kowalczyk, Kowalska, Kumar, Lam, Lawson, Lee, Lewis, Lloyd, Lopez, MacDonald, Malik, Marsh, Martin, Mason,
  Matthews, McCarthy, McKenzie, Mensah, Miller, Mills, Mistry, Mitchell, Mohamed, Moore, Morgan, Morris, Müller,
  Murphy, Murray, Mutasa, Nasir, Nguyễn, Nowak, Nuñez, Nwosu, O'Brien, O'Connor, O’Neill, O’Sullivan, Okafor, Okeke,
  Okonjo-Bell, Okoro, Oliveira, Osei, Owen, Owusu, Palmer, Parker, Patel, Pearce, Peña, Perera, Phillips, Pikestaff,
  Popescu, Powell, Price, Quill, Rahimi, Rahman, Rees, Reid, Reynolds, Richards, Roberts, Robinson, Rogers, Rose,
  Ross, Russell, Sandoval, Sato, Schäfer, Scott, Shah, Sharma, Shaw, Silva, Simpson, Singh, Smith, Smith-Jones,
  Stevens, Stewart, St. John, Sutton, Szabó, Taylor, Thapa, Thomas, Thompson, Tregear, Turner, Uddin, van der Berg,
  Vasquez, Wade, Walker, Wallace, Walsh, Ward, Watson, Webb, White, Williams, Willis, Wilson, Wong, Wood, Wright,
  Yılmaz, Young, Żak`)

export type OddName = { forename: string | null; surname: string | null; gender: 'MALE' | 'FEMALE' | null }

const girl = (forename: string | null, surname: string | null): OddName => ({
  forename,
  surname,
  gender: 'FEMALE',
})
const boy = (forename: string | null, surname: string | null): OddName => ({
  forename,
  surname,
  gender: 'MALE',
})

/** In every school, on the first places of its roll: what breaks careless programs. */
export const oddNames: readonly OddName[] = [
  girl('Zoë', 'O’Brien'),
  boy('Seán', "O'Brien"),
  girl('Anne-Marie', 'Smith-Jones'),
  boy('José María', 'Núñez y García'),
  girl('Łucja', 'Żak'),
  boy('Đặng', 'Nguyễn'),
  girl(null, 'Suryani'),
  boy('Ngawang', null),
  girl('Mary', 'Le Roux-d’Arcy'),
  boy('X Æ', 'St. John'),
  girl('Maximiliana-Alexandrina', 'Featherstonehaugh-Cholmondeley-Wriothesley'),
  boy('李', '明'),
  // two who share everything but a year group
  girl('Emily', 'Jones'),
  girl('Emily', 'Jones'),
]

/** Born on one day, to one family, in one school. */
export const twins: readonly [OddName, OddName][] = [
  [boy('Daniel', 'Adeyemi-Hart'), boy('David', 'Adeyemi-Hart')],
  [girl('Isla', 'McAllister'), boy('Jack', 'McAllister')],
]

/** The class in the trainer's picture. */
export const fourOak: readonly OddName[] = [
  boy('Chidi', 'Abara'),
  girl('Wren', 'Ashby-Thorne'),
  girl('Sumaiya', 'Begum'),
  boy('Alfie', 'Brook'),
  girl('Nana Yaa', 'Danso'),
  boy('Rhodri', 'Evans-Iqbal'),
  girl('Edie', 'Faulk'),
  boy('Arman', 'Hosseini'),
  girl('Lena', 'Kowalczyk'),
  girl('Amara', 'Okonjo-Bell'),
  boy('Oliver', 'Pikestaff'),
  girl('Beatrix', 'Quill'),
  boy('Yusuf', 'Rahimi'),
  boy('Mateo', 'Sandoval'),
  girl('Isla', 'Tregear'),
]
